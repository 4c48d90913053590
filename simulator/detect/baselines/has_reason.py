"""Has a reason: explains each access by what other records say, and puts the unexplained first.

An access is explained by a chain of records from the actor to the resident: the stated case is the resident's or their
household's, the resident or household has a case in the actor's section at that time, the stated case is of somebody of
the resident's surname (a namesake opened first), a colleague of the section has worked on that person under a case, or
the work has no case by its nature. What stays unexplained is ranked by how unusual it is.
Source: Fabbri & LeFevre 2011, Explanation-Based Auditing (VLDB); 2013 (JAMIA): first accesses are the hard part,
repeats inflate the share, so both are to be reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.evidence import RESULTS, TOUCHES, enrich, marked
from simulator.detect.view import AuditorView

# How long before and after a case the work on it may lie, and how far colleagues' work counts.
ASSUMED_BEFORE_CASE = pl.duration(days=1)
ASSUMED_AFTER_CASE = pl.duration(days=7)
ASSUMED_COLLEAGUE_DAYS = 14
ASSUMED_NEXT_LOOK = "15m"
_DUTY_PURPOSES = ("system_operation", "audit", "training")
_SESSION_ACTIONS = ("login", "logout", "approve")

# How well each explanation explains: 0 wholly; below 1, so that the unexplained always comes first.
ASSUMED_DOUBT = {
    "session": 0.0,
    "stated_case": 0.05,
    "result": 0.1,
    "stated_household": 0.15,
    "section_case": 0.25,
    "section_household": 0.35,
    "stated_namesake": 0.38,
    "duty": 0.4,
    "colleague": 0.5,
    "other_section_case": 0.7,
    "nobody_shown": 0.8,
}
# What makes an unexplained look unusual, and how much it counts.
ASSUMED_UNUSUAL = {
    "own": 1.0,
    "alert": 0.8,
    "crowd": 0.8,
    "kin": 0.6,
    "case_elsewhere": 1.2,
    "usually_case": 0.5,
    "off_duty": 0.5,
    "first_look": 0.3,
    "neighbour": 0.2,
    "idle_stranger": 0.2,
}
_DOUBTFUL = {
    "score": pl.col("reason").replace_strict(ASSUMED_DOUBT, return_dtype=pl.Float64, default=None),
    "why": pl.col("reason"),
    "explained": pl.col("reason").is_not_null(),
}
_SCALE = sum(ASSUMED_UNUSUAL.values())


@dataclass(frozen=True, slots=True)
class HasReason:
    """Scores 0–1 what is explained, by how weakly, and 1–2 what is not, by how unusual it is.

    Attributes:
        telling: whether to say why, which takes as long as to score.
    """

    telling: bool = True

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event; ``why`` names the explanation or what is unusual, ``explained`` says which."""
        looks = _explain(enrich(view), view.table("case"))
        told = ("score", "why", "explained") if self.telling else ("score",)
        scored = looks.select("event_id", "session_id", "at", "action", "resident", **_DOUBTFUL)
        for found in (_unusual, _led_to):
            rows = found(looks, scored, told)
            scored = scored.with_columns(scored[name].scatter(rows["row"], rows[name]) for name in told)
        return scored.select("event_id", *told).sort("event_id")


def _explain(events: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """`events` with ``reason``, the best explanation, null for none."""
    events = _with_section_cases(events, cases)
    events = _with_colleagues(events)
    in_section = pl.col("case_section") == pl.col("section")
    action = pl.col("action")
    resulted = action.is_in(RESULTS) & pl.col("case_known") & in_section & pl.col("resident").is_null()
    best = (
        pl.when(action.is_in(_SESSION_ACTIONS)).then(pl.lit("session"))
        .when(pl.col("case_fits") & in_section).then(pl.lit("stated_case"))
        .when(resulted).then(pl.lit("result"))
        .when(pl.col("case_fits_household") & in_section).then(pl.lit("stated_household"))
        .when(pl.col("section_case")).then(pl.lit("section_case"))
        .when(pl.col("section_household")).then(pl.lit("section_household"))
        .when(pl.col("case_fits_surname") & in_section).then(pl.lit("stated_namesake"))
        .when(pl.col("purpose").is_in(_DUTY_PURPOSES)).then(pl.lit("duty"))
        .when(pl.col("colleague")).then(pl.lit("colleague"))
        .when(pl.col("case_fits") | pl.col("case_fits_household")).then(pl.lit("other_section_case"))
        .when(pl.col("resident").is_null()).then(pl.lit("nobody_shown"))
    )  # fmt: skip
    return events.with_columns(reason=best)


def _with_section_cases(events: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """``section_case``, ``section_household``: a case of the actor's section for that person or household is open."""
    for name, key in (("section_case", "resident"), ("section_household", "household")):
        dated = cases.select(key, "section", "opened", "closed")
        looks = events.select(key, "section", "at").with_row_index("row").filter(pl.col(key).is_not_null())
        fits = (pl.col("opened") - ASSUMED_BEFORE_CASE <= pl.col("at")) & (
            pl.col("at") <= pl.col("closed") + ASSUMED_AFTER_CASE
        )
        events = marked(events, name, looks.join(dated, on=[key, "section"]).filter(fits)["row"])
    return events


def _with_colleagues(events: pl.DataFrame) -> pl.DataFrame:
    """``colleague``: another of the section worked on that person under a case or to a result within two weeks."""
    looks = events.select("resident", "section", "actor", "day").with_row_index("row")
    looks = looks.filter(pl.col("resident").is_not_null())
    worked = events.filter(
        pl.col("resident").is_not_null() & (pl.col("case_fits") | pl.col("action").is_in(RESULTS))
    ).select("resident", "section", "day", colleague="actor")
    days = (pl.col("day_right") - pl.col("day")).dt.total_days().abs()
    near = (pl.col("colleague") != pl.col("actor")) & (days <= ASSUMED_COLLEAGUE_DAYS)
    return marked(events, "colleague", looks.join(worked.unique(), on=["resident", "section"]).filter(near)["row"])


def _unusual(looks: pl.DataFrame, _scored: pl.DataFrame, told: Sequence[str]) -> pl.DataFrame:
    """Rank what has no explanation: row, and the columns `told`."""
    explained = pl.col("reason").is_not_null()
    case_rate = pl.col("case_no").is_not_null().mean().over("section", "purpose", "action")
    bare = looks.lazy().with_columns(case_rate=case_rate).with_row_index("row").filter(~explained)
    first = pl.col("day") == pl.col("day").min().over("actor", "resident")
    known = looks.select(pl.col("resident").filter(explained).drop_nulls().unique()).to_series()
    lonely = ~pl.col("resident").is_in(known.implode())
    crowd = (pl.col("actor").n_unique().over("resident") - 1).clip(0, 4) / 4
    marks = {
        "own": (pl.col("resident") == pl.col("own_resident")) | (pl.col("household") == pl.col("own_household")),
        "alert": pl.col("protected_alert") | pl.col("protected"),
        "crowd": crowd,
        "kin": pl.col("surname") == pl.col("own_surname"),
        "case_elsewhere": pl.col("case_known"),
        "usually_case": pl.when(pl.col("case_no").is_null()).then(pl.col("case_rate")).otherwise(1.0),
        "off_duty": ~pl.col("on_duty"),
        "first_look": first & pl.col("action").is_in(TOUCHES),
        "neighbour": pl.col("district") == pl.col("own_district"),
        "idle_stranger": lonely,
    }
    values = bare.select("row", *(m.cast(pl.Float64).fill_null(0.0).alias(n) for n, m in marks.items()))
    points = pl.sum_horizontal(pl.col(n) * weight for n, weight in ASSUMED_UNUSUAL.items())
    names = (pl.when(pl.col(n) > 0).then(pl.lit(n)) for n in ASSUMED_UNUSUAL)
    why = pl.concat_str(pl.lit("unexplained"), *names, separator="+", ignore_nulls=True)
    made = {"score": 1 + points / _SCALE, "why": why, "explained": pl.lit(value=False)}
    return values.select("row", **{name: made[name] for name in told}).collect()


def _led_to(_looks: pl.DataFrame, scored: pl.DataFrame, told: Sequence[str]) -> pl.DataFrame:
    """A search or list of several is judged by the record that was opened from it: the next look of the session."""
    rows = scored.with_row_index("row")
    asked = rows.filter(pl.col("action").is_in(["search", "list"]) & pl.col("resident").is_null())
    opened = rows.filter(pl.col("action").is_in([*TOUCHES, *RESULTS])).sort("at", "score", descending=[False, True])
    opened = opened.select("session_id", "at", *told).unique(["session_id", "at"], keep="first", maintain_order=True)
    keys = asked.sort("at").select("row", "session_id", "at")
    return keys.join_asof(
        opened, on="at", by="session_id", strategy="forward", tolerance=ASSUMED_NEXT_LOOK, check_sortedness=False
    ).drop_nulls("score")


DETECTOR = Baseline(
    name="has_reason",
    title_ja="理由の説明（受付・世帯・同僚の業務との突合）",
    title_en="Has a reason: joins the log with cases, households and colleagues' work",
    finds="looks out of curiosity or as a favour, that no case, household or colleague explains",
    misses="borrowed or invented reasons, and reasons that exist by coincidence",
    tables=EVIDENCE,
    code="B2",
    make=HasReason,
)
