"""Look-alikes: which lawful cases resemble misuse, labelled as such in the answer key."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from simulator.errors import SpecError, UnknownNameError
from simulator.streams import Ints
from simulator.workload.archetype import Archetype, Kind
from simulator.workload.archetypes import records
from simulator.workload.folk import Flags
from simulator.workload.office import Office
from simulator.workload.plan import Plan, acts, day_of
from simulator.workload.procedure import procedures
from simulator.workload.town import Town

LABEL_COLUMNS: dict[str, Any] = {
    "request_no": pl.UInt64, "misuse": pl.Boolean, "archetype": pl.String, "episode_id": pl.String, "stage": pl.String,
    "stealth": pl.Float64, "motive": pl.String, "relation": pl.String, "reason_status": pl.String,
    "lookalike": pl.Boolean, "grey": pl.Boolean,
}  # fmt: skip
EPISODE_COLUMNS: dict[str, Any] = {
    "episode_id": pl.String, "archetype": pl.String, "episode_kind": pl.String, "misuse": pl.Boolean,
    "grey": pl.Boolean, "motive": pl.String, "relation": pl.String, "stealth": pl.Float64,
    "staff_nos": pl.List(pl.UInt32),
    "instigator_no": pl.UInt32, "culprit_no": pl.UInt32, "resident_nos": pl.List(pl.UInt32), "channel": pl.String,
    "found_after_days": pl.UInt32, "sanction": pl.String, "story_ja": pl.String, "story_en": pl.String,
}  # fmt: skip
_COMMON = {
    "misuse": False, "stage": "work", "stealth": 0.0, "motive": "work", "relation": "case", "reason_status": "real",
    "lookalike": True, "grey": False,
}  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """What look-alikes are told by: columns by case_index.

    Attributes:
        town: the population.
        office: the office.
        plan: the lawful work.
    """

    town: Town
    office: Office
    plan: Plan

    @cached_property
    def staff(self) -> Ints:
        """Who handles each case."""
        return self.plan.cases["staff_no"].to_numpy().astype(np.int64)

    @cached_property
    def resident(self) -> Ints:
        """Whom each is about."""
        return self.plan.cases["resident_no"].to_numpy().astype(np.int64)

    @cached_property
    def procedure(self) -> Ints:
        """Place of the procedure of each, in order of name."""
        names = pl.Enum(list(procedures()))
        return self.plan.cases["procedure"].cast(names).to_physical().to_numpy().astype(np.int64)

    @cached_property
    def day(self) -> Ints:
        """Days since 1970-01-01 on which each is opened."""
        return day_of(self.plan.cases["opened"].dt.epoch("ms").to_numpy())

    @cached_property
    def minute(self) -> Ints:
        """Minute of the day at which each is opened."""
        opened = self.plan.cases["opened"]
        return (opened.dt.hour().cast(pl.Int64) * 60 + opened.dt.minute()).to_numpy()

    def has(self, **wanted: str) -> Flags:
        """Whether each case has a step whose `Act` has these values."""
        fits = np.array([all(getattr(act, k) == v for k, v in wanted.items()) for _, act in acts()])
        steps = self.plan.steps
        return np.bincount(steps.case[fits[steps.act]], minlength=self.plan.cases.height) > 0

    def by_staff(self, column: str) -> pl.Series:
        """A column of the staff list for who handles each case."""
        return self.office.staff.sort("staff_no")[column].gather(pl.Series(self.staff.astype(np.uint32)))

    def count(self, group: pl.Expr, of: Flags) -> Ints:
        """How many cases of those in `of` each case's `group` has."""
        counted = self.plan.cases.with_columns(own=pl.Series(of)).select(pl.col("own").sum().over(group))
        return counted.to_series().cast(pl.Int64).to_numpy()


@dataclass(frozen=True, slots=True)
class Lawful:
    """Labels and episodes of look-alikes."""

    labels: pl.DataFrame
    episodes: pl.DataFrame


def check_weights(weights: Mapping[str, float]) -> None:
    """Refuse weights of look-alikes that do not exist, and more of what arises by itself.

    Raises:
        UnknownNameError: there is no such look-alike.
        SpecError: a look-alike without procedures of its own cannot be made more frequent.
    """
    known = {name: kind for name, kind in records().items() if kind.kind is Kind.LOOKALIKE}
    for name, weight in weights.items():
        if name not in known:
            raise UnknownNameError("look-alike", name, known)
        if weight > 1 and not _own(known[name]):
            msg = f"workload.lookalikes.{name} arises by itself out of other work; give 0 to 1, not {weight}"
            raise SpecError(msg)


def _own(kind: Archetype) -> bool:
    return bool(kind.procedures) and kind.marks is None


def kind_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """What the weights of look-alikes above 1 come to as weights of their procedures."""
    return {name: weight for key, weight in weights.items() if weight > 1 for name in records()[key].procedures}


def marked(evidence: Evidence, kind: Archetype) -> Flags:
    """Which cases are the look-alike `kind`, shape ``(n_cases,)``."""
    names = list(procedures())
    some = np.ones(len(evidence.staff), dtype=np.bool_)
    if kind.procedures:
        some = np.isin(evidence.procedure, [names.index(name) for name in kind.procedures])
    return some if kind.marks is None else np.asarray(some & kind.marks(evidence, kind.params()))


def thinned(evidence: Evidence, weights: Mapping[str, float]) -> Flags:
    """Which cases a scenario leaves out: those of look-alikes with a weight below 1, by each case's own key."""
    gone = np.zeros(len(evidence.staff), dtype=np.bool_)
    draw = (evidence.plan.cases["key"].to_numpy() & np.uint64(0xFFFF_FFFF)).astype(np.float64) * 2.0**-32
    for name, weight in weights.items():
        if weight < 1:
            gone |= marked(evidence, records()[name]) & (draw >= weight)
    return gone


def label(town: Town, office: Office, plan: Plan, gone: Flags) -> Lawful:
    """Label the look-alikes of `plan` outside the cases that are `gone`; a case has one label, by rank."""
    evidence = Evidence(town, office, plan)
    owner = np.full(plan.cases.height, -1, dtype=np.int64)
    kinds = sorted(
        (kind for kind in records().values() if kind.kind is Kind.LOOKALIKE), key=lambda kind: (kind.rank, kind.name)
    )
    for place, kind in enumerate(kinds):
        owner[marked(evidence, kind) & ~gone & (owner < 0)] = place
    episodes = [_episodes(evidence, kind, owner == place) for place, kind in enumerate(kinds)]
    cases = pl.concat([frame.select("case_index", "archetype", "episode_id") for frame in episodes])
    lists = _lists(plan)
    labels = [_labels(_steps(plan, cases)), _labels(lists.select("request_no", "archetype", "episode_id"))]
    told = [_told(frame, kind) for frame, kind in zip(episodes, kinds, strict=True)]
    return Lawful(pl.concat(labels), pl.concat([*told, _told(lists, records()["L08"])]))


def _episodes(evidence: Evidence, kind: Archetype, mine: Flags) -> pl.DataFrame:
    """The cases of one kind, each with its episode: all of one resident, or of one member of staff."""
    rows = np.flatnonzero(mine)
    group = (evidence.resident if kind.told_by == "resident" else evidence.staff)[rows]
    _, number = np.unique(group, return_inverse=True)
    return pl.DataFrame(
        {
            "case_index": rows.astype(np.uint32), "number": number + 1, "staff_no": evidence.staff[rows],
            "resident_no": evidence.resident[rows],
        },
        schema_overrides={"number": pl.Int64},
    ).with_columns(
        archetype=pl.lit(kind.name),
        episode_id=pl.format("{}-{}", pl.lit(kind.name), pl.col("number").cast(pl.String).str.zfill(5)),
    )  # fmt: skip


def _steps(plan: Plan, cases: pl.DataFrame) -> pl.DataFrame:
    """The steps of labelled cases."""
    place = np.full(plan.cases.height, -1, dtype=np.int64)
    place[cases["case_index"].to_numpy()] = np.arange(cases.height)
    found = place[plan.steps.case]
    rows = np.flatnonzero(found >= 0)
    named = cases.select("archetype", "episode_id")[found[rows]]
    return named.with_columns(pl.Series("request_no", plan.steps.number[rows], dtype=pl.UInt64))


def _lists(plan: Plan) -> pl.DataFrame:
    """The yearly extractions and their approvals: one episode for each purpose."""
    others = plan.others.filter(pl.col("action").is_in(["export", "approve"]), pl.col("target").is_null())
    number = pl.col("purpose").cast(pl.String).rank("dense").cast(pl.String).str.zfill(5)
    return others.select(
        "request_no", "staff_no", resident_no=pl.lit(None, pl.Int64), archetype=pl.lit("L08"),
        episode_id=pl.format("L08-9{}", number),
    )  # fmt: skip


def _labels(frame: pl.DataFrame) -> pl.DataFrame:
    whole = frame.with_columns(**{name: pl.lit(value) for name, value in _COMMON.items()})
    return whole.select(pl.col(name).cast(dtype) for name, dtype in LABEL_COLUMNS.items())


def _told(frame: pl.DataFrame, kind: Archetype) -> pl.DataFrame:
    grouped = (
        frame.group_by("episode_id")
        .agg(
            archetype=pl.lit(kind.name),
            staff_nos=pl.col("staff_no").unique().sort(),
            resident_nos=pl.col("resident_no").drop_nulls().unique().sort(),
        )
        .with_columns(
            **{name: pl.lit(_COMMON[name]) for name in ("misuse", "grey", "motive", "relation", "stealth")},
            episode_kind=pl.lit(kind.kind.value),
            instigator_no=pl.lit(None),
            culprit_no=pl.lit(None),
            channel=pl.lit("none"),
            found_after_days=pl.lit(0),
            sanction=pl.lit("none"),
            story_ja=pl.lit(f"{kind.title_ja}。正当な事務である。"),
            story_en=pl.lit(f"{kind.title_en[0].upper() + kind.title_en[1:]}: lawful work."),
        )
        .sort("episode_id")
    )
    return grouped.select(pl.col(name).cast(dtype) for name, dtype in EPISODE_COLUMNS.items())
