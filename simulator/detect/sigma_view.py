"""The view that the Sigma rules are written for: one row per event, flat, from what an auditor has.

Sigma has no joins, so that "the own household" or "not on the roster" are columns here. Times are local and naive:
SQLite reads an offset as UTC, and every rule on hours would be nine hours off.
"""

import polars as pl

from simulator.detect.evidence import RESULTS, TOUCHES, enrich
from simulator.detect.view import AuditorView
from simulator.schema import Column, Table
from simulator.world import calendar

LOCAL = "%Y-%m-%dT%H:%M:%S%.3f"
"""How ``at`` is written."""
ASSUMED_OPENED_WITHIN = "15m"
_FLAGS = ("touch", "case_stated", "case_known", "case_fits", "case_fits_household", "on_duty", "account_valid",
          "protected", "is_staff", "resulted", "exact", "counter", "elsewhere", "opened", "business_day")  # fmt: skip
_TEXTS = ("at", "action", "purpose", "section", "terminal", "decision", "actor", "resident", "household",
          "own_resident", "own_household", "surname", "own_surname")  # fmt: skip
_NUMBERS = ("event_id", "hour", "hits", "district", "own_district")
VIEW = Table(
    "logs",
    "ルール用一覧",
    "What Sigma rules are written for.",
    ("event_id",),
    (
        *(Column(name, pl.Int64, name, "Number.", nullable=name != "event_id") for name in _NUMBERS),
        Column("case_rate", pl.Float64, "case_rate", "Share of that purpose and action with a case.", nullable=True),
        *(Column(name, pl.String, name, "Text.", nullable=True) for name in _TEXTS),
        *(Column(name, pl.Int64, name, "0 or 1.", nullable=True) for name in _FLAGS),
    ),
)


def sigma_view(view: AuditorView) -> pl.DataFrame:
    """The rows of `VIEW`, in time order."""
    events = _opened(enrich(view))
    closed = [day for day in events["day"].unique().to_list() if not calendar.is_business_day(day)]
    staff = view.table("staff")["resident"].drop_nulls().unique()
    resulted = pl.col("action").is_in(RESULTS).any().over("actor", "household", "day")
    rows = events.with_columns(
        at=pl.col("at").dt.strftime(LOCAL),
        hour=pl.col("at").dt.hour(),
        touch=pl.col("action").is_in(TOUCHES),
        case_stated=pl.col("case_no").is_not_null(),
        case_rate=pl.col("case_no").is_not_null().mean().over("purpose", "action"),
        protected=pl.col("protected_alert") | pl.col("protected").fill_null(value=False),
        is_staff=pl.col("resident").is_in(staff.implode()).fill_null(value=False),
        resulted=resulted & pl.col("household").is_not_null(),
        exact=(pl.col("match") == "exact").fill_null(value=True),
        elsewhere=(pl.col("terminal_section") != pl.col("section")).fill_null(value=False),
        business_day=~pl.col("day").is_in(closed),
    )
    binaries = [name for name, dtype in rows.schema.items() if dtype == pl.Binary]
    return VIEW.conform(rows.with_columns(pl.col(binaries).bin.encode("hex"))).sort("at", "event_id")


def _opened(events: pl.DataFrame) -> pl.DataFrame:
    """``opened``: a record was opened in the session soon after."""
    looks = events.filter(pl.col("action").is_in([*TOUCHES, *RESULTS])).select("session_id", "at", opened=pl.lit(1))
    ahead = events.select("event_id", "session_id", "at").sort("at")
    found = ahead.join_asof(
        looks.unique(["session_id", "at"]).sort("at"), on="at", by="session_id", strategy="forward",
        tolerance=ASSUMED_OPENED_WITHIN, check_sortedness=False,
    )  # fmt: skip
    return events.join(found.select("event_id", pl.col("opened").fill_null(0)), on="event_id")
