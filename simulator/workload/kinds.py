"""The cases of one kind, drawn by themselves: who comes, which steps are taken, how long each takes, where it is done.

Nothing here knows of other kinds, of the people on duty or of what they have time for.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from simulator.schema.vocabulary import MATCHES, SEARCHES
from simulator.streams import Floats, Ints, Stream, Weights, Words
from simulator.workload.folk import NOBODY, Flags, Folk
from simulator.workload.procedure import NAMESAKE, NO_ONE, Act, Procedure, dwell_s
from simulator.workload.sections import BRANCH_SECTIONS, PLACE
from simulator.workload.settings import WorkloadSpec
from simulator.workload.town import Town

GAP_MS = (1_200, 9_000)  # ASSUMED pause between two steps
BEFORE_MS = (4_000, 45_000)  # ASSUMED pause before a case
CLASSES_S = (100, 260, 640, 1_800)
"""Spans of time that a desk is kept free for one case: each takes the shortest that holds it."""
_MATCH = Weights.of((80, 20))  # ASSUMED share of exact and prefix searches
_TYPED = (2, 5)
_SEARCH_PLACE = {term.code: place for place, term in enumerate(SEARCHES)}
_PREFIX = next(i for i, term in enumerate(MATCHES) if term.code == "prefix")
_RELEASE_MS = (45_000, 240_000)  # ASSUMED: a head of section is asked for a protected record before it is issued


@dataclass(frozen=True, slots=True)
class Drafts:
    """Cases of one procedure, columns of shape ``(n,)``; steps of shape ``(n, acts)``.

    Attributes:
        procedure: what they are.
        day, at, target, chain: as `Arrivals`.
        section: place of the section in ``sections.EVERY``.
        key: a random word of each case.
        has: which steps each has.
        whom: resident_no of each step, -1 for nobody.
        dwell: seconds that each stays on the screen.
        pause: milliseconds before each.
        search: place of the details searched by; of the second search, if any.
        match, typed: how the name must match, and characters typed (0 for all).
    """

    procedure: Procedure
    day: Ints
    at: Ints
    target: Ints
    chain: Ints
    section: Ints
    key: Words
    has: Flags
    whom: npt.NDArray[np.int32]
    dwell: npt.NDArray[np.int32]
    pause: npt.NDArray[np.int32]
    search: npt.NDArray[np.int8]
    again: npt.NDArray[np.int8]
    match: npt.NDArray[np.int8]
    typed: npt.NDArray[np.int8]

    @property
    def lasts(self) -> Ints:
        """Milliseconds from the beginning to the end of each case."""
        return np.asarray(((self.dwell.astype(np.int64) * 1_000 + self.pause) * self.has).sum(axis=1))

    @property
    def size(self) -> Ints:
        """Place in `CLASSES_S` of the span that each needs."""
        spans = np.array(CLASSES_S, dtype=np.int64) * 1_000
        return np.minimum(np.searchsorted(spans, self.lasts), len(spans) - 1)


def draft(procedure: Procedure, spec: WorkloadSpec, town: Town, folk: Folk, stream: Stream) -> Drafts:
    """The cases of `procedure`."""
    weight = spec.kinds.get(procedure.name, 1.0)
    come = procedure.source.draw(town, folk, spec.volume * weight, stream.at("arrivals"))
    n = len(come.day)
    who = whom(procedure, folk, come.target)
    has = _present(spec, procedure, who, stream)
    dwell, pause = times(procedure.acts, n, stream)
    pause[folk.protected[come.target]] = _released(procedure, pause, folk.protected[come.target], stream)
    search, again, match, typed = _searches(procedure, n, stream)
    made = Drafts(
        procedure, *come, _section(procedure, folk, come.target, stream), stream.bits("key", n), has, who, dwell, pause,
        search, again, match, typed,
    )  # fmt: skip
    _fit(made)
    return made


def whom(procedure: Procedure, folk: Folk, target: Ints) -> npt.NDArray[np.int32]:
    """Whom each step is about, shape ``(n, acts)``."""
    columns = [_about(act, folk, target) for act in procedure.acts]
    return np.stack(columns, axis=1).astype(np.int32) if columns else np.empty((len(target), 0), dtype=np.int32)


def _about(act: Act, folk: Folk, target: Ints) -> Ints:
    if act.whom == NO_ONE:
        return np.full(len(target), NOBODY)
    if act.whom == NAMESAKE:
        return folk.namesake[target]
    for name, table in (("member", folk.members), ("kin", folk.kin), ("neighbour", folk.neighbours)):
        if act.whom.startswith(name):
            return np.asarray(table[target, int(act.whom.removeprefix(name))])
    return target


def _present(spec: WorkloadSpec, procedure: Procedure, who: npt.NDArray[np.int32], stream: Stream) -> Flags:
    n = len(who)
    columns = []
    for k, act in enumerate(procedure.acts):
        rate = act.rate * (spec.namesake_rate if act.whom == NAMESAKE else 1.0)
        chosen = stream.chance(f"has{k}", n, rate)
        columns.append(chosen & ((who[:, k] >= 0) | (act.whom == NO_ONE)))
    return np.stack(columns, axis=1) if columns else np.empty((n, 0), dtype=np.bool_)


def times(acts: tuple[Act, ...], n: int, stream: Stream) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Seconds on the screen and milliseconds before each step, both of shape ``(n, acts)``."""
    low, high = GAP_MS
    dwell = [dwell_s(act.dwell, stream.unit(f"band{k}", n), stream.unit(f"spread{k}", n)) for k, act in enumerate(acts)]
    pauses = [low + stream.below(f"pause{k}", n, high - low) for k in range(len(acts))]
    pauses[0] = BEFORE_MS[0] + stream.below("before", n, BEFORE_MS[1] - BEFORE_MS[0])
    return np.stack(dwell, axis=1).astype(np.int32), np.stack(pauses, axis=1).astype(np.int32)


def _released(procedure: Procedure, pause: npt.NDArray[np.int32], rows: Flags, stream: Stream) -> npt.NDArray[np.int32]:
    """Pauses of cases of protected residents: longer before what must be released first."""
    low, high = _RELEASE_MS
    extra = low + stream.below("release", len(rows), high - low)[rows]
    issues = np.array([act.action == "issue" for act in procedure.acts])
    longer: npt.NDArray[np.int32] = pause[rows] + (extra[:, None] * issues).astype(np.int32)
    return longer


def _searches(procedure: Procedure, n: int, stream: Stream) -> tuple[npt.NDArray[np.int8], ...]:
    places = np.array([_SEARCH_PLACE[name] for name, _ in procedure.searches], dtype=np.int8)
    weights = Weights.of([weight for _, weight in procedure.searches])
    match = np.where(stream.pick("match", n, _MATCH) == 1, _PREFIX, 0)
    typed = np.where(match == _PREFIX, _TYPED[0] + stream.below("typed", n, _TYPED[1] - _TYPED[0]), 0)
    first = places[stream.pick("search", n, weights)]
    second = places[stream.pick("again", n, weights)]
    return first, second, match.astype(np.int8), typed.astype(np.int8)


def _section(procedure: Procedure, folk: Folk, target: Ints, stream: Stream) -> Ints:
    """Where each case is handled: in the section, or at the branch office near home."""
    place = np.full(len(target), PLACE[procedure.section], dtype=np.int64)
    if procedure.branches:
        district = folk.district[target]
        near = (district > 0) & stream.chance("branch", len(target), procedure.branches)
        branch = np.array([PLACE[name] for name in BRANCH_SECTIONS])[(district - 1) % len(BRANCH_SECTIONS)]
        place = np.where(near, branch, place)
    return place


def _fit(made: Drafts) -> None:
    """Cases longer than the longest span are cut short, step by step in proportion."""
    limit = CLASSES_S[-1] * 1_000
    lasts = made.lasts
    long = np.flatnonzero(lasts > limit)
    if len(long):
        part = (limit * 1_000 // lasts[long])[:, None]
        made.dwell[long] = made.dwell[long].astype(np.int64) * part // 1_001
        made.pause[long] = made.pause[long].astype(np.int64) * part // 1_001


def class_shares(procedure: Procedure) -> Floats:
    """Which part of a procedure's cases needs each span of `CLASSES_S`, by a sample that depends on nothing."""
    return _class_shares(procedure.name, procedure.acts)


@cache
def _class_shares(name: str, acts: tuple[Act, ...]) -> Floats:
    n = 2_048
    stream = Stream(0, f"/spans/{name}")
    dwell, pause = times(acts, n, stream)
    rates = [min(1.0, act.rate * (0.05 if act.whom == NAMESAKE else 0.8)) for act in acts]
    has = np.stack([stream.chance(f"has{k}", n, rate) for k, rate in enumerate(rates)], axis=1)
    lasts = ((dwell.astype(np.int64) * 1_000 + pause) * has).sum(axis=1)
    spans = np.array(CLASSES_S, dtype=np.int64) * 1_000
    counts = np.bincount(np.minimum(np.searchsorted(spans, lasts), len(spans) - 1), minlength=len(spans))
    return counts / n
