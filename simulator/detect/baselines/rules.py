"""The rules that an office would write: each a weight and a condition; a score is the sum of the weights that apply.

Weights and thresholds are the office's published ones, which whoever means harm may have read (`world.inspection`).
"""
# ruff: noqa: E501 (a rule is read as one line)

from dataclasses import dataclass

import polars as pl

from simulator.clock import HOUR_MS
from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.evidence import RESULTS, TOUCHES, beside, enrich, key
from simulator.detect.view import AuditorView
from simulator.world import calendar
from simulator.world.inspection import PUBLISHED

_TOUCH = pl.col("action").is_in(TOUCHES)
_CASELESS = pl.col("case_no").is_null()
_OWN_RECORD = pl.col("resident") == pl.col("own_resident")
_OWN_HOUSEHOLD = pl.col("household") == pl.col("own_household")
_SAME_SURNAME = pl.col("surname") == pl.col("own_surname")
_ELSEWHERE = ~pl.col("case_fits") & ~pl.col("case_fits_household")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `when` holds for an event, it adds its published `weight` to the score."""

    name: str
    ja: str
    en: str
    when: pl.Expr

    @property
    def weight(self) -> float:
        """What it adds."""
        return PUBLISHED.weights[self.name]


RULES = (
    Rule("own_record", "本人の記録", "opens the own record", _TOUCH & _OWN_RECORD),
    Rule("own_household", "同一世帯の記録", "opens a record of the own household", _TOUCH & _OWN_HOUSEHOLD & ~_OWN_RECORD),
    Rule("foreign_case", "他人の受付番号を使用", "states a case of somebody else",
         _TOUCH & pl.col("case_known") & pl.col("resident").is_not_null() & _ELSEWHERE),
    Rule("crowd", "同一人への照会集中", "one of several who opened this record without a case within days",
         _TOUCH & _CASELESS & (pl.col("crowd") >= PUBLISHED.many_actors)),
    Rule("off_roster", "勤務時間外（勤務表）", "not on duty by the roster", ~pl.col("on_duty")),
    Rule("no_account", "有効でないアカウント", "no account valid on that day", ~pl.col("account_valid")),
    Rule("protected", "支援措置対象者・受付なし", "protected person, no case",
         (pl.col("protected_alert") | pl.col("protected").fill_null(value=False)) & _CASELESS & ~pl.col("action").is_in(["search", "list"])),
    Rule("closed_office", "閉庁時間・閉庁日", "at night or on a closed day", ~pl.col("business_day") |
         ~pl.col("at").dt.hour().is_between(PUBLISHED.first_hour, PUBLISHED.last_hour - 1)),
    Rule("bulk", "短時間の多数照会", "many persons within the hour", pl.col("persons") > PUBLISHED.many_persons_per_hour),
    Rule("other_section_case", "他課の受付番号を使用", "states a case of another section",
         pl.col("case_known") & (pl.col("case_section") != pl.col("section"))),
    Rule("usually_with_case", "通常は受付のある事務で受付なし", "no case where that purpose usually has one",
         _TOUCH & _CASELESS & (pl.col("case_rate") >= PUBLISHED.usual_case_rate)),
    Rule("rare_purpose", "所属課でまれな事務", "a purpose that is rare in the section",
         pl.col("purpose_rate") < PUBLISHED.rare_purpose_rate),
    Rule("unknown_case", "受付簿にない受付番号", "the stated case is not in the list", ~_CASELESS & ~pl.col("case_known")),
    Rule("refused", "拒否された操作", "was refused", pl.col("decision") == "deny"),
    Rule("same_surname", "同姓・発行なし", "same surname, nothing issued", _TOUCH & _SAME_SURNAME & ~pl.col("resulted")),
    Rule("repeat", "受付なしの反復照会", "the same person on several days without a case",
         _TOUCH & _CASELESS & (pl.col("repeat_days") >= PUBLISHED.repeat_days)),
    Rule("foreign_terminal", "他課の端末", "at a terminal of another section",
         (pl.col("terminal_section") != pl.col("section")) & ~pl.col("counter")),
    Rule("neighbour", "同地区・受付なし", "lives in the same district, no case",
         _TOUCH & _CASELESS & (pl.col("district") == pl.col("own_district"))),
    Rule("wide_search", "広い条件の検索", "a pattern that matches very many", (pl.col("match") != "exact") & (pl.col("hits") > PUBLISHED.wide_hits)),
    Rule("no_result", "照会のみ", "looked, and neither issued nor recorded anything that day", _TOUCH & _CASELESS & ~pl.col("resulted")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """Scores by rules; ``why`` names those that applied.

    Attributes:
        rules: the rules.
        telling: whether to say why, which takes longer than to score.
    """

    rules: tuple[Rule, ...] = RULES
    telling: bool = True

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event from 0 (no rule applied) to 1 (all did)."""
        events = _counted(enrich(view))
        total = sum(rule.weight for rule in self.rules)
        applied = {rule.name: rule.when.fill_null(value=False) for rule in self.rules}
        points = pl.sum_horizontal(applied[r.name].cast(pl.Float64) * r.weight for r in self.rules)
        names = (pl.when(applied[r.name]).then(pl.lit(r.name)) for r in self.rules)
        why = pl.concat_str(*names, separator="+", ignore_nulls=True)
        told = {"why": why} if self.telling else {}
        return events.select("event_id", score=points / total, **told).sort("event_id")


def _counted(events: pl.DataFrame) -> pl.DataFrame:
    """`events` with what needs counting over several: persons an hour, crowd, repeats, results, rates."""
    events = _with_rates(_with_results(_with_persons(events)))
    closed = [day for day in events["day"].unique().to_list() if not calendar.is_business_day(day)]
    events = events.with_columns(business_day=~pl.col("day").is_in(closed))
    quiet = events.filter(_TOUCH & _CASELESS & pl.col("resident").is_not_null())
    return beside(_with_crowd(events, quiet), _repeats(quiet), ["actor", "resident"])


def _with_persons(events: pl.DataFrame) -> pl.DataFrame:
    hours = events.with_columns(hour=pl.col("at").dt.epoch("ms") // HOUR_MS)
    looks = hours.lazy().filter(pl.col("resident").is_not_null())
    looks = looks.select("actor", "hour", look=key(["actor", "hour", "resident"])).unique("look").drop("look")
    counts = looks.group_by("actor", "hour").agg(persons=pl.len()).collect()
    return beside(hours, counts, ["actor", "hour"]).drop("hour")


def _with_results(events: pl.DataFrame) -> pl.DataFrame:
    keys = ["actor", "household", "day"]
    done = events.filter(pl.col("action").is_in(RESULTS)).select(keys).unique().with_columns(resulted=True)
    return beside(events, done, keys).with_columns(pl.col("resulted").fill_null(value=False))


def _with_rates(events: pl.DataFrame) -> pl.DataFrame:
    with_case = pl.col("case_no").is_not_null().mean().over("purpose", "action")
    share = pl.len().over("section", "purpose") / pl.len().over("section")
    return events.with_columns(case_rate=with_case, purpose_rate=share)


def _with_crowd(events: pl.DataFrame, quiet: pl.DataFrame) -> pl.DataFrame:
    """``crowd``: the most actors that any `PUBLISHED.crowd_days` days up to or from the event hold for that resident."""
    looks = quiet.select("resident", "actor", "day").unique()
    pairs = looks.join(looks, on="resident", suffix="_other")
    apart = (pl.col("day_other") - pl.col("day")).dt.total_days()
    near = pairs.filter(apart.is_between(1 - PUBLISHED.crowd_days, PUBLISHED.crowd_days - 1)).with_columns(apart=apart)
    sides = [near.filter(pl.col("apart") <= 0), near.filter(pl.col("apart") >= 0)]
    counts = [side.group_by("resident", "day").agg(crowd=pl.col("actor_other").n_unique()) for side in sides]
    crowd = pl.concat(counts).group_by("resident", "day").agg(pl.col("crowd").max())
    return beside(events, crowd, ["resident", "day"])


def _repeats(quiet: pl.DataFrame) -> pl.DataFrame:
    return quiet.group_by("actor", "resident").agg(repeat_days=pl.col("day").n_unique())


DETECTOR = Baseline(
    name="rules",
    title_ja="ルール（規程に基づく点検項目）",
    title_en="Rules an office would write",
    finds="breaches of office rules: own or family records, off-roster work, crowds, borrowed case numbers",
    misses="a look that has a plausible case, and anyone who knows the rules",
    tables=EVIDENCE,
    code="B1",
    make=Rules,
)
