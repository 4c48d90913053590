"""Requests that are no step of a case: a head releases a protected record; lists are drawn for the year's work."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.schema import REQUEST
from simulator.streams import Stream
from simulator.workload.folk import Folk
from simulator.workload.office import Office
from simulator.workload.plan import Plan, acts
from simulator.workload.sessions import requests
from simulator.workload.town import Town
from simulator.world.calendar import is_business_day
from simulator.world.openings import elections

_ASKED_MS = (8_000, 30_000)  # ASSUMED: so long before the issue the head releases the record
_LOOK_S = 12
_LONGEST_DELAY_DAYS = 14
_LIST_S = 240
_LONG_ENOUGH_MS = 1_800_000
_APPROVES = pl.lit(0xA5A5_5A5A_1234_4321, pl.UInt64)
_ORDERS = pl.lit(0x5A5A_A5A5_EDCB_BCDE, pl.UInt64)


class Extraction(NamedTuple):
    """A list that a section draws on certain days of the year.

    Attributes:
        section, purpose: whose and for what.
        days: (month, day) of each; the next office day if closed.
        elections: days before each election; 0 for none.
    """

    section: str
    purpose: str
    days: tuple[tuple[int, int], ...]
    elections: int = 0


# Source: domain.md 3.6 (calendar of the year) and the statutes named; days within the month are ASSUMED.
ASSUMED_EXTRACTIONS = (
    Extraction("electoral", "electoral_roll", ((3, 1), (6, 1), (9, 1), (12, 1)), 17),  # 公職選挙法22条
    Extraction("school", "school_register", ((10, 3), (1, 10))),  # 学校教育法施行令2条・5条
    Extraction("income_tax", "income_tax", ((1, 6), (5, 12))),  # 地方税法318条・319条
    Extraction("property_tax", "property_tax", ((1, 7), (3, 25))),  # 地方税法359条・364条
    Extraction("insurance", "health_insurance", ((6, 20), (7, 8), (9, 16))),
    Extraction("insurance", "late_elderly", ((7, 4),)),
    Extraction("elderly", "elderly_care", ((3, 17), (6, 16), (9, 5))),
    Extraction("child", "child_allowance", ((5, 26), (9, 29), (1, 27))),
    Extraction("systems", "system_operation", tuple((month, 20) for month in range(1, 13))),
)


def approvals(plan: Plan, folk: Folk, office: Office) -> pl.DataFrame:
    """The release of each protected resident's record before it is issued, by the head of the section if there is one.

    It interrupts whatever the head is at.
    """
    issues = np.array([act.action == "issue" for _, act in acts()])
    rows = np.flatnonzero(issues[plan.steps.act])
    rows = rows[folk.protected[np.maximum(plan.steps.whom[rows], 0)] & (plan.steps.whom[rows] >= 0)]
    low, high = _ASKED_MS
    n = len(rows)
    case = pl.Series(plan.steps.case[rows].astype(np.uint32))
    wanted = plan.cases[case].select("staff_no", "section", "purpose", "system", "stated").with_columns(
        pl.Series("number", plan.steps.number[rows]),
        pl.Series("target", plan.steps.whom[rows].astype(np.int64)),
        pl.Series("at", plan.steps.at[rows] - low),
    )  # fmt: skip
    # Drawn by the request's own number, so that no other request matters.
    spread = (wanted["number"].to_numpy() >> np.uint64(33)).astype(np.int64) % (high - low) if n else np.empty(0)
    wanted = wanted.with_columns(at=pl.col("at") - pl.Series(spread.astype(np.int64)))
    heads = office.staff.filter("supervisor").select(pl.col("staff_no").cast(pl.Int64))
    desks = plan.sessions.join(heads, on="staff_no", how="semi").select(
        "slot", "section", "opens", "closes", head="staff_no"
    )
    found = (
        wanted.join(desks, on="section")
        .filter(pl.col("at").is_between(pl.col("opens"), pl.col("closes")), pl.col("head") != pl.col("staff_no"))
        .sort("number", "head")
        .unique("number", keep="first", maintain_order=True)
    )
    released = found.select(
        "slot", "at", "target", "purpose", "system", case_no="stated",
        request_no=pl.col("number") ^ _APPROVES, tie=pl.col("number") ^ _ORDERS,
        action=pl.lit("approve"), screen=pl.lit("approval"), dwell_s=pl.lit(_LOOK_S),
    )  # fmt: skip
    return requests(released, plan.sessions) if released.height else REQUEST.empty()


def extractions(town: Town, office: Office, slots: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """The yearly lists: one person draws each, the head of the section approves it first."""
    heads = set(office.staff.filter("supervisor")["staff_no"].to_list())
    rows = []
    for wanted in ASSUMED_EXTRACTIONS:
        here = slots.filter(pl.col("section") == wanted.section)
        for day in _days(wanted, town.window):
            rows += _drawn(wanted, day, here, heads, stream.at(wanted.section, wanted.purpose, day.isoformat()))
    shaped = pl.DataFrame(rows, schema_overrides={"request_no": pl.UInt64, "tie": pl.UInt64})
    return requests(shaped, slots) if rows else REQUEST.empty()


def _days(wanted: Extraction, window: Window) -> list[date]:
    years = range(window.start.year, window.end.year + 1)
    fixed = [date(year, month, day) for year in years for month, day in wanted.days]
    polls = [day - timedelta(days=wanted.elections) for year in years for day in elections(year) if wanted.elections]
    return sorted(day for day in fixed + polls if day in window)


def _drawn(
    wanted: Extraction, day: date, here: pl.DataFrame, heads: set[int], stream: Stream
) -> list[dict[str, object]]:
    """Approval and extraction on the first day from `day` on which both people are at their desks."""
    for later in range(_LONGEST_DELAY_DAYS):
        at_work = here.filter(pl.col("day") == day + timedelta(days=later)).to_dicts()
        lead = [s for s in at_work if s["staff_no"] in heads and s["closes"] - s["opens"] > _LONG_ENOUGH_MS]
        others = [s for s in at_work if s["staff_no"] not in heads]
        if not is_business_day(day + timedelta(days=later)) or not lead or not others:
            continue
        rng = stream.scalar()
        approver = rng.choice(lead)
        at = approver["opens"] + 60_000 + rng.below(approver["closes"] - approver["opens"] - 1_500_000)
        drawers = [s for s in others if s["opens"] < at + 120_000 and s["closes"] > at + 900_000]
        if not drawers:
            continue
        common = {"purpose": wanted.purpose, "system": "ADMIN"}
        return [
            {"slot": approver["slot"], "at": at, "action": "approve", "screen": "approval", "dwell_s": _LOOK_S,
             **common, "request_no": int(stream.bits("approve", 1)[0]), "tie": int(stream.bits("tie", 1)[0])},
            {"slot": rng.choice(drawers)["slot"], "at": at + 120_000 + rng.below(600_000), "action": "export",
             "screen": "extraction", "dwell_s": _LIST_S, **common, "request_no": int(stream.bits("export", 1)[0]),
             "tie": int(stream.bits("tie", 1, 1)[0])},
        ]  # fmt: skip
    return []
