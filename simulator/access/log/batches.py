"""Batches of 256 events with the residents they showed: the leaves of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import polars as pl

from simulator.access.log.record import Packing, Records
from simulator.access.log.tree import leaf_hash
from simulator.schema import EVENT, SHOWN

BATCH = 256
"""Events in a leaf. Source: performance.md 6 (batches cost a tenth of single records)."""
_TILE = 8 * BATCH  # records laid out at a time: some 700 KiB, which stay in the cache while each column is written
_PACKED = 16 * _TILE  # events whose columns are made ready at a time: a quarter of the memory of a piece's


def leaves(events: pl.DataFrame, shown: pl.DataFrame) -> Iterator[bytes]:
    """Leaf hashes of `events`, in order; `shown` holds what these events showed, in order of event and rank."""
    ends = shown["event_id"].search_sorted(events["event_id"].gather_every(_PACKED)).to_list()
    for number, (low, high) in enumerate(pairwise([*ends, shown.height])):
        yield from _leaves(events.slice(number * _PACKED, _PACKED), shown.slice(low, high - low))


def _leaves(events: pl.DataFrame, shown: pl.DataFrame) -> Iterator[bytes]:
    records, people = Packing.of(EVENT, events), Packing.of(SHOWN, shown)
    ends = np.append(shown["event_id"].search_sorted(events["event_id"].gather_every(BATCH)), shown.height).tolist()
    for start in range(0, events.height, _TILE):
        tile, first = records.records(start, start + _TILE), start // BATCH
        for place, (low, high) in enumerate(pairwise(ends[first : first + _TILE // BATCH + 1])):
            yield leaf_hash(content(tile[place * BATCH : (place + 1) * BATCH], people.records(low, high)))


def content(records: Records, people: Records) -> bytes:
    """What a leaf is hashed of: how many records of either kind, then the records."""
    return len(records).to_bytes(4, "big") + len(people).to_bytes(4, "big") + records.tobytes() + people.tobytes()


@dataclass(slots=True)
class LeafWriter:
    """Takes events in order, in pieces of any size, and keeps the leaf hashes; a remainder waits for the next piece.

    Leaves that were sealed before may be given; the next event then begins another one.
    """

    hashes: list[bytes] = field(default_factory=list)
    _events: pl.DataFrame = field(default_factory=EVENT.empty)
    _shown: pl.DataFrame = field(default_factory=SHOWN.empty)

    def add(self, events: pl.DataFrame, shown: pl.DataFrame) -> None:
        """Take the next events and what they showed."""
        events, shown = pl.concat([self._events, events]), pl.concat([self._shown, shown])
        whole = events.height - events.height % BATCH
        cut = (
            shown.height if whole == events.height else int(shown["event_id"].search_sorted(events["event_id"][whole]))
        )
        self.hashes += leaves(events.head(whole), shown.head(cut))
        self._events, self._shown = events.tail(events.height - whole), shown.tail(shown.height - cut)

    def close(self) -> list[bytes]:
        """Hash the last, shorter batch and give all leaf hashes."""
        self.hashes += leaves(self._events, self._shown)
        self._events, self._shown = EVENT.empty(), SHOWN.empty()
        return self.hashes
