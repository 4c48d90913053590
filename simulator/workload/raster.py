"""The raster: spans of desk time kept free for each kind of case, before any case comes.

Each session is cut into spans of different length, with pauses between them; each span is kept for one kind of case
and one length. How many there are follows from what is expected (`Source.nominal`) on that day in that section, times
`ASSUMED_SLACK`, not from what comes. So the cases of a kind find their desks without knowing of any other kind:
switching one off leaves every other where it was, and nobody ever does two things at once.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from simulator.access import Policy
from simulator.clock import HOUR_MS
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES
from simulator.streams import Floats, Ints, Stream, Weights
from simulator.workload.folk import Flags, Folk
from simulator.workload.kinds import CLASSES_S, class_shares
from simulator.workload.procedure import Procedure, procedures
from simulator.workload.sections import BRANCH_SECTIONS, COUNTERS, EVERY
from simulator.workload.town import Town

ASSUMED_SLACK = 2.2  # times as many spans as cases are expected
_FLOORS = (2.4, 2.6, 1.6, 0.5)  # spans a day of each length, at least, so that a rare kind does not wait for days
_RARE = 0.004
_LEAST_ABLE = 0.04
_PAUSE_MS = 6_000
_NOON = 11
# How busy a post is with the register, ASSUMED so that the spread over staff is long-tailed: domain.md 3.7 has
# 3-5 accesses a day for the median and 200 and more at the tail.
_ACTIVITY = (0.15, 0.35, 0.7, 1.0, 1.6, 2.6, 4.5)
_ACTIVITY_WEIGHTS = Weights.of((14, 16, 20, 20, 15, 10, 5))
# People at counters take turns, so work falls on them more evenly; in branch offices it falls on everybody.
_COUNTER_ACTIVITY = (0.15, 0.5, 1.0, 2.0, 4.5)
_COUNTER_WEIGHTS = Weights.of((22, 25, 27, 18, 8))
_HEAD_ACTIVITY = 0.25
Units = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Raster:
    """Spans in order of session and time, columns of shape ``(n_spans,)``.

    Attributes:
        session: number of the session.
        starts: when it begins, in milliseconds.
        kind: place of the procedure it is kept for, in order of name.
        size: place of its length in `CLASSES_S`.
    """

    session: Ints
    starts: Ints
    kind: Ints
    size: Ints


def raster(town: Town, folk: Folk, slots: pl.DataFrame, section: Ints, stream: Stream, volume: float) -> Raster:  # noqa: PLR0917
    """Cut `slots` (as ``sessions.sessions`` gives them, with the place of each one's section) into spans."""
    role = _roles(slots)
    day = slots["day"].to_physical().to_numpy().astype(np.int64)
    day -= int(np.datetime64(town.window.start, "D").astype(np.int64))
    room = (slots["closes"] - slots["opens"]).to_numpy() - 30_000
    weight = _activity(slots, stream) * np.maximum(room, 0)
    seat = slots["seat"].to_numpy()
    parts = _branch_parts(folk)
    counts = np.zeros(len(room), dtype=np.int64)
    tables: dict[int, tuple[Units, Floats]] = {}
    for place in np.unique(section).tolist():
        rows = np.flatnonzero(section == place)
        held = np.bincount(role[rows], weights=weight[rows], minlength=len(ROLES))
        crew = _Crew(place, held / max(held.sum(), 1.0), len(np.unique(seat[rows])))
        units, expected = _expected(town, crew, parts, volume)
        if not units:
            continue
        tables[place] = units, expected
        counts[rows] = _counts(expected.sum(axis=1), day[rows], weight[rows], room[rows], stream.at("round", place))
    session = np.repeat(np.arange(len(room)), counts)
    kind, size = _kept_for(tables, (section, role, day), session, stream)
    return _laid_out(slots, room, counts, (session, kind, size), stream)


class _Crew(NamedTuple):
    """A section's place, the part of its time that each role holds, and how many posts it has."""

    place: int
    held: Floats
    posts: int


def _roles(slots: pl.DataFrame) -> Ints:
    places = {term.code: place for place, term in enumerate(ROLES)}
    return slots["role"].replace_strict(places, return_dtype=pl.Int64).to_numpy()


def _activity(slots: pl.DataFrame, stream: Stream) -> Floats:
    """How busy the holder of each session's post is."""
    seat = np.maximum(slots["seat"].to_numpy(), 0)
    highest = int(seat.max(initial=0)) + 1
    desk = np.array(_ACTIVITY)[stream.pick("activity", highest, _ACTIVITY_WEIGHTS)][seat]
    turns = np.array(_COUNTER_ACTIVITY)[stream.pick("turns", highest, _COUNTER_WEIGHTS)][seat]
    counter, branch = (slots["section"].is_in(list(names)).to_numpy() for names in (COUNTERS, BRANCH_SECTIONS))
    lead = slots["role"].to_numpy() == "R03"
    return np.where(branch, 1.0, np.where(lead, _HEAD_ACTIVITY, np.where(counter, turns, desk)))


def _branch_parts(folk: Folk) -> Floats:
    """Which part of the residents lives near each branch office, in the order of `BRANCH_SECTIONS`."""
    near = folk.district[folk.district > 0]
    counts = np.bincount((near - 1) % len(BRANCH_SECTIONS), minlength=len(BRANCH_SECTIONS))
    return np.asarray(counts / max(len(folk.district), 1))


def _expected(town: Town, crew: _Crew, parts: Floats, volume: float) -> tuple[Units, Floats]:
    """Kinds and lengths that the section handles, and spans wanted of each on each day, shape ``(days, units)``."""
    units: Units = []
    columns = []
    for number, kind in enumerate(procedures().values()):
        part = _part(kind, crew.place, parts)
        able = float(crew.held[_able()[:, number]].sum())
        if not part or not able:
            continue
        daily = kind.source.nominal(town, town.window) * part * volume * ASSUMED_SLACK
        open_ = daily > 0
        times = (1 + crew.posts / 3 if kind.keeper else 1.0) * (1.0 if kind.source.hours is not None else 0.4)
        for size, share in enumerate(class_shares(kind).tolist()):
            units.append((number, size))
            floor = _FLOORS[size] * times * (1.0 if share > _RARE else 0.3)
            columns.append(np.where(open_, np.maximum(daily * share, floor), floor * 0.1) / max(able, _LEAST_ABLE))
    return units, np.stack(columns, axis=1) if columns else np.empty((town.window.day_count, 0))


def _part(kind: Procedure, place: int, parts: Floats) -> float:
    """Which part of a kind the section gets."""
    code = EVERY[place].code
    if kind.section == code:
        return float(1.0 - kind.branches * parts.sum())
    return float(kind.branches * parts[BRANCH_SECTIONS.index(code)]) if code in BRANCH_SECTIONS else 0.0


def _counts(wanted: Floats, day: Ints, weight: Floats, room: Ints, stream: Stream) -> Ints:
    """How many spans each session of a section gets, in proportion to `weight`, no more than it has room for."""
    total = np.bincount(day, weights=weight, minlength=len(wanted))
    share = wanted[day] * weight / np.maximum(total[day], 1.0)
    whole: Ints = np.floor(share + stream.unit("fraction", len(share))).astype(np.int64)
    most = np.maximum(room, 0) // (CLASSES_S[0] * 1_000 + _PAUSE_MS)
    return np.asarray(np.minimum(whole, most))


@cache
def _able() -> Flags:
    """Whether a role may do a kind of case, all its steps; shape ``(roles, kinds)``."""
    cells = Policy.default().cells
    actions = [term.code for term in ACTIONS]
    purposes = [term.code for term in PURPOSES]
    able = np.zeros((len(ROLES), len(procedures())), dtype=np.bool_)
    for number, kind in enumerate(procedures().values()):
        needed = [actions.index(act.action) for act in kind.acts if act.rate > 0]
        able[:, number] = (cells[:, purposes.index(kind.purpose), :][:, needed] >= 0).all(axis=1)
    return able


def _kept_for(
    tables: dict[int, tuple[Units, Floats]], where: tuple[Ints, Ints, Ints], session: Ints, stream: Stream
) -> tuple[Ints, Ints]:
    """Kind and length of each span, drawn by what is expected; only what the session's role may do."""
    section, role, day = (column[session] for column in where)
    u = stream.unit("unit", len(session))
    kind, size = np.full(len(session), -1, dtype=np.int64), np.zeros(len(session), dtype=np.int64)
    form = section * len(ROLES) + role
    for each in np.unique(form).tolist():
        place, own = divmod(each, len(ROLES))
        if place not in tables:
            continue
        units, expected = tables[place]
        numbers = np.array(units)
        masked = np.cumsum(expected * _able()[own][numbers[:, 0]], axis=1)
        rows = np.flatnonzero(form == each)
        total = masked[day[rows], -1]
        goal = u[rows] * total
        found = _places(masked[:, :-1], day[rows], goal)
        kind[rows] = np.where(total > 0, numbers[found, 0], -1)
        size[rows] = numbers[found, 1]
    return kind, size


def _places(ends: Floats, day: Ints, goal: Floats) -> Ints:
    """How many of the ascending `ends` of its day each `goal` has reached; `day` ascends."""
    found = np.zeros(len(day), dtype=np.int64)
    days, first = np.unique(day, return_index=True)
    for each, low, high in zip(days.tolist(), first.tolist(), [*first[1:].tolist(), len(day)], strict=True):
        found[low:high] = np.searchsorted(ends[each], goal[low:high], side="right")
    return found


def _laid_out(slots: pl.DataFrame, room: Ints, counts: Ints, spans: tuple[Ints, Ints, Ints], stream: Stream) -> Raster:
    """When each span begins: one after the other with pauses of different length that fill the session."""
    session, kind, size = spans
    length = np.array(CLASSES_S, dtype=np.int64)[size] * 1_000
    first = np.cumsum(counts) - counts
    busy = _within(length + _PAUSE_MS, first, session)
    sums = np.zeros(len(counts), dtype=np.int64)
    np.add.at(sums, session, length + _PAUSE_MS)
    u = stream.below("pause", len(session), 1 << 16)
    share = (u * u >> 12) * _slowness(slots, counts, first, session)
    idle = np.maximum(room - sums, 0)
    before = _within(share, first, session) + share
    parts = np.full(len(counts), 1 << 21, dtype=np.int64)
    np.add.at(parts, session, share)
    starts = busy + idle[session] * before // parts[session]
    fits = (starts + length <= room[session]) & (kind >= 0)
    opens = slots["opens"].to_numpy()
    return Raster(*(column[fits] for column in (session, opens[session] + 20_000 + starts, kind, size)))


def _slowness(slots: pl.DataFrame, counts: Ints, first: Ints, session: Ints) -> Ints:
    """How long the pause before each span is, in sixteenths of the mean: at counters short around noon."""
    place = np.arange(len(session)) - first[session]
    part = 16 * place // np.maximum(counts[session], 1)
    counter = slots["section"].is_in(list(COUNTERS)).to_numpy()[session]
    hour = (slots["opens"].to_numpy() // HOUR_MS + 9) % 24
    morning = hour[session] < _NOON
    return np.where(counter, np.where(morning, (20 - part) ** 2 // 8, (4 + part) ** 2 // 8), 16)


def _within(values: Ints, first: Ints, session: Ints) -> Ints:
    """The sum of `values` before each, within its session."""
    sums = np.cumsum(values) - values
    if not len(sums):
        return sums
    base: Ints = sums[np.minimum(first, len(sums) - 1)]
    return sums - base[session]
