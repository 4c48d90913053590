"""The engine: plays episodes against the live gate and records the truth as it is made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from simulator.access import AccessRequest, Outcome, request_frame
from simulator.errors import CheckError
from simulator.schema import REQUEST
from simulator.streams import Scalar, Stream, Weights
from simulator.workload import lookalikes
from simulator.workload.archetype import Archetype, Kind, Row, Step, Story
from simulator.workload.circle import Circle
from simulator.workload.context import Caseload, Context, Traces
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import EPISODE_COLUMNS, LABEL_COLUMNS
from simulator.workload.office import Office
from simulator.workload.plan import Plan, carded
from simulator.workload.promise import Promise
from simulator.workload.town import Town

Submit = Callable[[AccessRequest], Outcome]


@dataclass(frozen=True, slots=True)
class Played:
    """What the episodes came to.

    Attributes:
        plan: the lawful work that they were played in.
        gone: which of its cases they took over, by case_index.
        made: their own requests, in order, as table request.
        cases: table case, with the cases that episodes hid.
        labels: request_no and what the answer key says of it.
        episodes: one row an episode, with row numbers of staff and residents.
        answers: request_no → decision that the episode was given, to be held against the log.
    """

    plan: Plan
    gone: Flags
    made: pl.DataFrame
    cases: pl.DataFrame
    labels: pl.DataFrame
    episodes: pl.DataFrame
    answers: dict[int, str]

    @property
    def requests(self) -> pl.DataFrame:
        """The whole work, lawful and not, as table request. For small plans; a long one is read by `between`."""
        kept = self.plan.steps.take(np.flatnonzero(~self.gone[self.plan.steps.case]))
        return pl.concat([self.plan.frame(kept), self.plan.others, self.made]).sort("at", "tie")

    def between(self, first_ms: int, last_ms: int) -> pl.DataFrame:
        """The part of the work from `first_ms` up to `last_ms`, in order."""
        return self.plan.between(first_ms, last_ms, self.gone, self.made)

    def request_case(self, first_ms: int, last_ms: int) -> pl.DataFrame:
        """request_no → case_index, of what is done from `first_ms` up to `last_ms` and of the cases taken over."""
        at = self.plan.steps.at
        rows = (first_ms <= at) & (at < last_ms) | self.gone[self.plan.steps.case]
        return replace(self.plan, steps=self.plan.steps.take(np.flatnonzero(rows))).request_case


def play(
    misuse: Mapping[str, Mapping[str, Any]], town: Town, office: Office, plan: Plan, *, stream: Stream, submit: Submit
) -> Played:
    """Play every episode that `misuse` asks for (archetype → ``episodes`` or ``per_100_staff_year``, and its knobs).

    Raises:
        UnknownNameError, SpecError: an archetype or knob that does not exist.
        CheckError: an episode could not be played, so the run would not hold what it promises.
    """
    traces = Traces()
    stages = []
    size = office.heads, town.window.day_count
    asked = [Promise.of(name, misuse[name]) for name in sorted(misuse)]
    counts = [promise.count(*size, stream.at("promise", promise.archetype.name)) for promise in asked]
    if any(counts):
        shared = Circle.of(town, office), Caseload.of(plan, town)
        for promise, count in zip(asked, counts, strict=True):
            played = []
            for number in range(count):
                place = stream.at("episode", promise.archetype.name, number)
                context = Context(place.scalar(), town, office, shared[0], Story(), shared[1], traces)
                played += _episode(promise.archetype, promise.params, number, context, submit)
            _check(promise, len(played), *size)
            stages += played
    return _merge(town, office, plan, stages, traces)


@dataclass(frozen=True, slots=True)
class _Stage:
    archetype: Archetype
    episode_id: str
    stealth: float
    story: Story
    steps: tuple[Step, ...]
    answers: tuple[Outcome, ...]
    end: tuple[str, int, str]


def _check(promise: Promise, found: int, staff: int, days: int) -> None:
    """Hold the episodes that could be played to what was promised.

    Raises:
        CheckError: fewer were played than an exact number says, or than a rate can mean.
    """
    name = promise.archetype.name
    if promise.episodes is not None and found < promise.episodes:
        msg = f"episode {name}-{found + 1:03d} found no case to take: give more days, staff or fewer episodes"
        raise CheckError(msg)
    if not promise.holds(found, staff, days):
        msg = f"{found} episodes of {name} in a run that promises {promise.expected(staff, days):.1f} on average"
        raise CheckError(msg)


def _episode(archetype: Archetype, params: Any, number: int, context: Context, submit: Submit) -> list[_Stage]:
    """The episode, or nothing where its people have no case to take."""
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
        return []
    episode_id = f"{archetype.name}-{number + 1:03d}"
    end = _end(archetype, context.rng)
    return [_Stage(archetype, episode_id, params.stealth, context.story, tuple(steps), tuple(answers), end)]


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


def _merge(town: Town, office: Office, plan: Plan, stages: list[_Stage], traces: Traces) -> Played:
    made = REQUEST.conform(request_frame(step.request for stage in stages for step in stage.steps))
    replaced = [step.replaces for stage in stages for step in stage.steps if step.replaces is not None]
    gone = np.zeros(plan.cases.height, dtype=np.bool_)
    gone[plan.steps.case[np.isin(plan.steps.number, np.array(replaced, dtype=np.uint64))]] = True
    labels = [row for stage in stages for row in _labels(stage)]
    lawful = lookalikes.label(town, office, plan, gone)
    return Played(
        plan.reopened(traces.cards),
        gone,
        carded(made, traces.cards).sort("at", "tie"),
        _listed(plan.cases, traces),
        pl.concat([pl.DataFrame(labels, schema=LABEL_COLUMNS, orient="row"), lawful.labels]),
        pl.concat([_episodes(stages), lawful.episodes]),
        {s.request.request_no: o.decision for stage in stages for s, o in zip(stage.steps, stage.answers, strict=True)},
    )


def _listed(cases: pl.DataFrame, traces: Traces) -> pl.DataFrame:
    """The case list as episodes have left it: some cases hidden, some entered for another resident.

    Only the two columns are new; the others are those of `cases`, which are many.
    """
    entered = list(traces.entered)
    resident = cases["resident_no"].clone().scatter(entered, list(traces.entered.values()))
    visible = cases["visible"].clone().scatter(entered, True).scatter(sorted(traces.hidden), False)  # noqa: FBT003
    return cases.with_columns(resident, visible)


def _labels(stage: _Stage) -> Iterator[Row]:
    story, kind = stage.story, stage.archetype.kind
    for step in stage.steps:
        yield {
            "request_no": step.request.request_no, "misuse": kind is Kind.MISUSE, "archetype": stage.archetype.name,
            "episode_id": stage.episode_id, "stage": step.stage, "stealth": stage.stealth, "motive": story.motive,
            "relation": story.relation, "reason_status": step.reason_status, "lookalike": False,
            "grey": stage.archetype.unscored,
        }  # fmt: skip


def _episodes(stages: list[_Stage]) -> pl.DataFrame:
    rows = [
        {
            "episode_id": stage.episode_id, "archetype": stage.archetype.name,
            "episode_kind": stage.archetype.kind.value, "misuse": stage.archetype.misuse,
            "grey": stage.archetype.unscored,
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
