"""Features v1: one row of numbers per event, frozen so that results can be compared; a change is a new version.

All are counted over the part of the log that is given, from what an auditor has; none depends on the numbers of events,
the order of rows or the bytes of pseudonyms. What is unknown is −1.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.detect.evidence import RESULTS, TOUCHES, enrich
from simulator.detect.view import AuditorView
from simulator.schema.vocabulary import ACTIONS

VERSION = 1
UNKNOWN = -1.0
_HOUR = ["actor", "hour_slot"]
_ACTIONS = tuple(term.code for term in ACTIONS)
Floats = npt.NDArray[np.float64]

LOG_FEATURES = (
    "hour", "weekday", *(f"is_{code}" for code in _ACTIONS), "hits", "rows_returned", "dwell_s", "protected_alert",
    "case_stated", "exact", "refused", "events_in_hour", "residents_in_hour", "events_in_day", "looks_at_resident",
    "days_at_resident", "actors_of_resident", "first_look", "purpose_rarity", "case_rate", "resulted",
)  # fmt: skip
"""Features of the track *log-only*."""
AUDITOR_FEATURES = (
    *LOG_FEATURES, "own_record", "own_household", "same_surname", "same_district", "protected", "on_duty",
    "account_valid", "case_known", "case_fits", "case_fits_household", "other_section_case", "elsewhere",
)  # fmt: skip
"""Features of the track *auditor-view*."""
TRACKS = {"log-only": LOG_FEATURES, "auditor-view": AUDITOR_FEATURES}


@dataclass(frozen=True, slots=True)
class Features:
    """What a model learns from.

    Attributes:
        event_id: shape ``(n_events,)``, in time order.
        values: shape ``(n_events, n_features)``.
        names: of the features.
        actor: whose event it is, as a number of this part.
        at_ms: milliseconds since 1970.
    """

    event_id: npt.NDArray[np.int64]
    values: Floats
    names: tuple[str, ...]
    actor: npt.NDArray[np.int64]
    at_ms: npt.NDArray[np.int64]


def features(view: AuditorView, names: tuple[str, ...] = AUDITOR_FEATURES) -> Features:
    """The features `names` of every event of `view`, in time order."""
    rows = _described(view, with_office=any(name not in LOG_FEATURES for name in names))
    rows = rows.sort("at", "terminal", "action", "dwell_s", "hits", "rows_returned")
    values = rows.select(pl.col(name).cast(pl.Float64).fill_null(UNKNOWN).fill_nan(UNKNOWN) for name in names)
    numbered = rows.select("actor").unique(maintain_order=True).with_row_index("number")
    actors = rows.select("actor").join(numbered, on="actor", maintain_order="left")["number"].cast(pl.Int64)
    return Features(
        rows["event_id"].to_numpy(), values.to_numpy(), names, actors.to_numpy(), rows["at"].dt.epoch("ms").to_numpy()
    )


def _described(view: AuditorView, *, with_office: bool) -> pl.DataFrame:
    events = enrich(view) if with_office else _alone(view)
    known = view.table("event").select("event_id", "rows_returned", "dwell_s")
    events = events.drop("rows_returned", "dwell_s", strict=False).join(known, on="event_id")
    counted = _counted(events.with_columns(hour_slot=pl.col("at").dt.truncate("1h")))
    return counted.with_columns(_own()) if with_office else counted


def _alone(view: AuditorView) -> pl.DataFrame:
    """The events without what an auditor has beside the log."""
    text = pl.col("role", "action", "purpose", "decision", "match").cast(pl.String)
    return view.table("event").with_columns(text, day=pl.col("at").dt.date())


def _counted(events: pl.DataFrame) -> pl.DataFrame:
    action, resident = pl.col("action"), pl.col("resident")
    known = resident.is_not_null()
    looked = action.is_in(TOUCHES) & known
    share = pl.len().over("section", "purpose") / pl.len().over("section")
    resulted = action.is_in(RESULTS).any().over("actor", "household", "day")
    return events.with_columns(
        *((action == code).alias(f"is_{code}") for code in _ACTIONS),
        hour=pl.col("at").dt.hour() + pl.col("at").dt.minute() / 60,
        weekday=pl.col("at").dt.weekday(),
        case_stated=pl.col("case_no").is_not_null(),
        exact=pl.col("match") == "exact",
        refused=pl.col("decision") == "deny",
        events_in_hour=pl.len().over(_HOUR),
        residents_in_hour=resident.n_unique().over(_HOUR),
        events_in_day=pl.len().over("actor", "day"),
        looks_at_resident=pl.when(known).then(looked.sum().over("actor", "resident")),
        days_at_resident=pl.when(known).then(pl.col("day").n_unique().over("actor", "resident")),
        actors_of_resident=pl.when(known).then(pl.col("actor").n_unique().over("resident")),
        first_look=known & (pl.col("at") == pl.col("at").min().over("actor", "resident")),
        purpose_rarity=-share.log(),
        case_rate=pl.col("case_no").is_not_null().mean().over("section", "purpose", "action"),
        resulted=pl.when(pl.col("household").is_not_null()).then(resulted),
    )


def _own() -> list[pl.Expr]:
    return [
        (pl.col("resident") == pl.col("own_resident")).alias("own_record"),
        (pl.col("household") == pl.col("own_household")).alias("own_household"),
        (pl.col("surname") == pl.col("own_surname")).alias("same_surname"),
        (pl.col("district") == pl.col("own_district")).alias("same_district"),
        (pl.col("case_section") != pl.col("section")).alias("other_section_case"),
        (pl.col("terminal_section") != pl.col("section")).alias("elsewhere"),
    ]


def lots(at_ms: npt.NDArray[np.int64]) -> Floats:
    """A number in [0, 1) for each instant that looks drawn: the same for the same instant, whatever else is renamed.

    The finaliser of SplitMix64. Source: Steele, Lea, Flood 2014 (OOPSLA).
    """
    word = at_ms.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((word ^ (word >> np.uint64(31))) >> np.uint64(11)) / float(1 << 53)
