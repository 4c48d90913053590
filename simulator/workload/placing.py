"""Placing: each case of a kind takes the nearest free span that was kept for its kind and length."""

import numpy as np

from simulator.clock import DAY_MS
from simulator.streams import Ints, Stream
from simulator.workload.kinds import CLASSES_S, Drafts
from simulator.workload.raster import Raster
from simulator.workload.rhythm import day_start
from simulator.workload.town import Town

ASSUMED_PATIENCE_DAYS = 45  # a case that finds no desk for so long is not seen in the window
_TIME_BITS = 38
_NEVER = 1 << 61


def place(made: Drafts, kept: Raster, seats: tuple[Ints, Ints], town: Town, stream: Stream) -> Ints:
    """The span of each case, by its number in `kept`, or -1.

    Args:
        made: the cases.
        kept: the spans of this kind, in order of session and time.
        seats: section and seat of each span of `kept`.
        town: whose window it is.
        stream: of the kind.
    """
    origin = int(day_start(town.window, np.zeros(1, dtype=np.int64))[0])
    group_of_span, group_of_case = _groups(made, kept, seats, stream)
    span_key = (group_of_span << _TIME_BITS) + kept.starts - origin
    order = np.argsort(span_key, kind="stable")
    keys = span_key[order]
    first = _first(made, keys, group_of_case, stream)
    turn = np.lexsort((made.key, first))
    ordered = first[turn] - np.arange(len(turn))
    rank = group_of_case[turn] * (len(keys) + len(turn) + 1)
    at = np.maximum.accumulate(ordered + rank) - rank + np.arange(len(turn))
    found = np.full(len(turn), -1, dtype=np.int64)
    inside = np.flatnonzero(at < len(keys))
    cases, spans = turn[inside], order[at[inside]]
    waited = kept.starts[spans] - origin - made.day[cases] * DAY_MS
    fits = (group_of_span[spans] == group_of_case[cases]) & (waited < ASSUMED_PATIENCE_DAYS * DAY_MS)
    found[cases[fits]] = spans[fits]
    return found


def _groups(made: Drafts, kept: Raster, seats: tuple[Ints, Ints], stream: Stream) -> tuple[Ints, Ints]:
    """Which spans a case may take: of its section and length; of the one post that keeps its resident's matters."""
    section, seat = seats
    length = len(CLASSES_S)
    if not made.procedure.keeper:
        return section * length + kept.size, made.section * length + made.size
    if not len(seat):
        return seat, np.full(len(made.day), -1)
    highest = int(made.target.max(initial=0)) + 1
    own = seat[stream.below("keeper", highest, len(seat))[made.target]]
    return seat * length + kept.size, own * length + made.size


def _first(made: Drafts, keys: Ints, group: Ints, stream: Stream) -> Ints:
    """The first span that each case could take: that nearest to when it has come, or any of its day if it waits."""
    base = (group << _TIME_BITS) + made.day * DAY_MS
    came = base + np.maximum(made.at, 0)
    opening, low, high = (np.searchsorted(keys, each) for each in (base, came, base + DAY_MS))
    edged = np.concatenate([[-_NEVER], keys, [_NEVER]])
    sooner = came - edged[low] < edged[low + 1] - came
    low -= (low > opening) & (sooner | (low == high))
    some = np.maximum(high - low, 1)
    return np.where(made.at < 0, low + stream.below("turn", len(low), some) * (high > low), low)
