"""The engine: plays episodes against the live gate and records the truth as it is made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from simulator import spec
from simulator.access import AccessRequest, Outcome, request_frame
from simulator.errors import CheckError, SpecError
from simulator.schema import REQUEST
from simulator.streams import Scalar, Stream, Weights
from simulator.workload.archetype import Archetype, Kind, Row, Step, Story
from simulator.workload.archetypes import record, records
from simulator.workload.circle import Circle
from simulator.workload.context import Caseload, Context
from simulator.workload.lawful import Plan
from simulator.workload.office import Office
from simulator.workload.procedure import procedures
from simulator.workload.town import Town

Submit = Callable[[AccessRequest], Outcome]
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


@dataclass(frozen=True, slots=True)
class Played:
    """What the episodes came to.

    Attributes:
        requests: the whole work, lawful and not, as table request.
        cases: table case, with the cases that episodes hid.
        labels: request_no and what the answer key says of it.
        episodes: one row an episode, with row numbers of staff and residents.
        answers: request_no → decision that the episode was given, to be held against the log.
    """

    requests: pl.DataFrame
    cases: pl.DataFrame
    labels: pl.DataFrame
    episodes: pl.DataFrame
    answers: dict[int, str]


def play(
    misuse: Mapping[str, Mapping[str, Any]], town: Town, office: Office, plan: Plan, *, stream: Stream, submit: Submit
) -> Played:
    """Play every episode that `misuse` asks for (archetype → ``episodes`` and its knobs).

    Raises:
        UnknownNameError, SpecError: an archetype or knob that does not exist.
        CheckError: an episode could not be played, so the run would not hold what it promises.
    """
    hidden: set[int] = set()
    stages = []
    asked = {name: settings(name, misuse[name]) for name in sorted(misuse)}
    if any(count for _, count, _ in asked.values()):
        shared = Circle.of(town, office), Caseload.of(plan, town)
        for archetype, count, params in asked.values():
            for number in range(count):
                place = stream.at("episode", archetype.name, number)
                context = Context(place.scalar(), town, office, shared[0], Story(), shared[1], hidden)
                stages.append(_episode(archetype, params, number, context, submit))
    return _merge(plan, stages, hidden)


def settings(name: str, values: Mapping[str, Any]) -> tuple[Archetype, int, Any]:
    """The archetype called `name`, how many episodes, and its knobs.

    Raises:
        UnknownNameError: there is no such archetype or knob.
        SpecError: ``episodes`` is missing or no count.
    """
    archetype = record(name)
    count = values.get("episodes")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0 or not archetype.played:
        msg = f"misuse.{name} needs episodes = N, a count, and a kind of misuse, grey area or error"
        raise SpecError(msg)
    knobs = {key: value for key, value in values.items() if key != "episodes"}
    return archetype, count, spec.build(archetype.params, knobs, f"misuse.{name}")


@dataclass(frozen=True, slots=True)
class _Stage:
    archetype: Archetype
    episode_id: str
    stealth: float
    story: Story
    steps: tuple[Step, ...]
    answers: tuple[Outcome, ...]
    end: tuple[str, int, str]


def _episode(archetype: Archetype, params: Any, number: int, context: Context, submit: Submit) -> _Stage:
    assert archetype.plan is not None  # noqa: S101 - settings() lets only what is played through
    generator = archetype.plan(context, params)
    steps: list[Step] = []
    answers: list[Outcome] = []
    try:
        step = next(generator)
        while True:
            outcome = submit(step.request)
            steps.append(step)
            answers.append(outcome)
            step = generator.send(outcome)
    except StopIteration:
        pass
    if not steps:
        msg = (
            f"episode {archetype.name}-{number + 1:03d} found no case to take: give more days, staff or fewer episodes"
        )
        raise CheckError(msg)
    episode_id = f"{archetype.name}-{number + 1:03d}"
    end = _end(archetype, context.rng)
    return _Stage(archetype, episode_id, params.stealth, context.story, tuple(steps), tuple(answers), end)


def _end(archetype: Archetype, rng: Scalar) -> tuple[str, int, str]:
    """How it came to light, after how many days, and which sanction followed."""
    end = archetype.end
    if end is None:
        return "none", 0, "none"
    (channels, channel_weights), (sanctions, sanction_weights) = (
        zip(*pairs, strict=True) for pairs in (end.channels, end.sanctions)
    )
    channel, sanction = (
        channels[rng.pick(Weights.of(channel_weights))],
        sanctions[rng.pick(Weights.of(sanction_weights))],
    )
    low, high = end.days
    days = low
    while days * 2 <= high and rng.chance(0.5):
        days *= 2
    return channel, min(high, days + rng.below(max(1, days))), sanction


def _merge(plan: Plan, stages: list[_Stage], hidden: set[int]) -> Played:
    made = request_frame(step.request for stage in stages for step in stage.steps)
    replaced = pl.Series([step.replaces for stage in stages for step in stage.steps], dtype=pl.UInt64).drop_nulls()
    cases = plan.request_case.filter(pl.col("request_no").is_in(replaced.implode()))["case_index"].unique()
    gone = plan.request_case.filter(pl.col("case_index").is_in(cases.implode()))["request_no"]
    kept = plan.requests.filter(~pl.col("request_no").is_in(gone.implode()))
    whole = pl.concat([kept, REQUEST.conform(made)]).sort("at", "tie")
    seen = pl.col("visible") & ~pl.col("case_index").is_in(sorted(hidden))
    labels = [row for stage in stages for row in _labels(stage)]
    lookalikes, lookalike_episodes = _lookalikes(plan, kept)
    return Played(
        whole,
        plan.cases.with_columns(visible=seen),
        pl.concat([pl.DataFrame(labels, schema=LABEL_COLUMNS, orient="row"), lookalikes]),
        pl.concat([_episodes(stages), lookalike_episodes]),
        {s.request.request_no: o.decision for stage in stages for s, o in zip(stage.steps, stage.answers, strict=True)},
    )


def _labels(stage: _Stage) -> Iterator[Row]:
    story, kind = stage.story, stage.archetype.kind
    for step in stage.steps:
        yield {
            "request_no": step.request.request_no, "misuse": kind is Kind.MISUSE, "archetype": stage.archetype.name,
            "episode_id": stage.episode_id, "stage": step.stage, "stealth": stage.stealth, "motive": story.motive,
            "relation": story.relation, "reason_status": step.reason_status, "lookalike": False,
            "grey": kind is Kind.GREY,
        }  # fmt: skip


def _episodes(stages: list[_Stage]) -> pl.DataFrame:
    rows = [
        {
            "episode_id": stage.episode_id, "archetype": stage.archetype.name,
            "episode_kind": stage.archetype.kind.value, "misuse": stage.archetype.misuse,
            "grey": stage.archetype.kind is Kind.GREY,
            "motive": stage.story.motive, "relation": stage.story.relation, "stealth": stage.stealth,
            "staff_nos": sorted({step.request.staff_no for step in stage.steps}),
            "instigator_no": stage.story.instigator, "culprit_no": stage.story.culprit,
            "resident_nos": sorted(set(stage.story.victims)),
            "channel": stage.end[0], "found_after_days": stage.end[1], "sanction": stage.end[2],
            "story_ja": stage.story.story_ja, "story_en": stage.story.story_en,
        }
        for stage in stages
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=EPISODE_COLUMNS)


def _lookalikes(plan: Plan, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lawful cases that look like misuse: one episode per kind and resident, from the procedures of its record."""
    labels, episodes = [pl.DataFrame(schema=LABEL_COLUMNS)], [pl.DataFrame(schema=EPISODE_COLUMNS)]
    for archetype in records().values():
        if not archetype.procedures:
            continue
        found = _lookalike_cases(archetype, plan, kept)
        labels.append(_shaped(found, LABEL_COLUMNS))
        grouped = found.group_by("episode_id").agg(
            pl.col("archetype", "misuse", "grey", "motive", "relation", "stealth").first(),
            episode_kind=pl.lit(archetype.kind.value), staff_nos=pl.col("staff_no").unique().sort(),
            instigator_no=pl.lit(None), culprit_no=pl.lit(None), channel=pl.lit("none"),
            found_after_days=pl.lit(0), sanction=pl.lit("none"),
            resident_nos=pl.col("resident_no").unique().sort(),
            story_ja=pl.lit(f"{archetype.title_ja}。正当な事務であり、受付がある。"),
            story_en=pl.lit(f"{archetype.title_en}: lawful work with a case of its own."),
        )  # fmt: skip
        episodes.append(_shaped(grouped.sort("episode_id"), EPISODE_COLUMNS))
    return pl.concat(labels), pl.concat(episodes)


def _lookalike_cases(archetype: Archetype, plan: Plan, kept: pl.DataFrame) -> pl.DataFrame:
    known = [name for name in archetype.procedures if name in procedures()]
    cases = plan.cases.filter(pl.col("procedure").is_in(known)).select("case_index", "resident_no", "staff_no")
    linked = plan.request_case.join(cases, on="case_index").join(kept.select("request_no"), on="request_no")
    many = linked.filter(pl.col("staff_no").n_unique().over("resident_no") >= archetype.params().actors)
    people = many.select("resident_no").unique().sort("resident_no").with_row_index("number", offset=1)
    rows = many.join(people, on="resident_no").sort("request_no")
    return rows.with_columns(
        episode_id=pl.format("{}-{}", pl.lit(archetype.name), pl.col("number").cast(pl.String).str.zfill(5)),
        misuse=pl.lit(False), archetype=pl.lit(archetype.name), stage=pl.lit("work"), stealth=pl.lit(0.0),
        motive=pl.lit("work"), relation=pl.lit("case"), reason_status=pl.lit("real"), lookalike=pl.lit(True),
        grey=pl.lit(False),
    )  # fmt: skip


def _shaped(frame: pl.DataFrame, columns: Mapping[str, Any]) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in columns.items())
