"""An index of the residents whom one form of search finds, by what the target's own details give."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.registry.intervals import FOREVER, Intervals, Ints

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Received:
    """Days of protection that other municipalities forwarded, columns of shape ``(n,)``; see `registry.received`."""

    resident: Ints
    first: Ints
    end: Ints

    @property
    def size(self) -> int:
        """How many spans there are."""
        return len(self.resident)

    @property
    def days(self) -> Intervals:
        """By resident."""
        return Intervals.of(self.resident, self.first, self.end)

    def of(self, members: Ints) -> tuple[Ints, Ints]:
        """The spans of `members`: place in `members`, and place of the span."""
        order = np.argsort(self.resident, kind="stable")
        ordered = self.resident[order]
        low, high = (np.searchsorted(ordered, members, side) for side in ("left", "right"))
        counts = high - low
        at = np.repeat(np.arange(len(members)), counts)
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        return at, order[low[at] + within]

    def beside(self, first: Ints, end: Ints) -> "Received":
        """The same without the days from `first` to `end` of each span, which are protected by an own measure."""
        own = first < end
        resident = np.concatenate((self.resident, self.resident))
        starts = np.concatenate((self.first, np.maximum(self.first, end)))
        ends = np.concatenate((np.minimum(self.end, np.where(own, first, FOREVER)), np.where(own, self.end, 0)))
        kept = starts < ends
        return Received(resident[kept], starts[kept], ends[kept])


@dataclass(frozen=True, slots=True)
class Times:
    """When each resident's record is live and protected, in days since 1970-01-01, shape ``(n_residents,)``.

    Attributes:
        entered: first day in the register.
        left: day of removal, or `FOREVER`.
        guarded: first day of protection, or `FOREVER`.
        unguarded: day after the last of protection.
        received: by resident, the days of measures that other municipalities forwarded, none of them own ones too.
        order: place in the order in which candidates are listed.
        opening: first day of the window.
    """

    entered: Ints
    left: Ints
    guarded: Ints
    unguarded: Ints
    order: Ints
    opening: int
    received: "Received"

    def live(self, resident: Ints, day: Ints) -> Flags:
        """Whether each `resident` is in the register on `day`."""
        return np.asarray((self.entered[resident] <= day) & (day < self.left[resident]))

    def protected(self, resident: Ints, day: Ints) -> Flags:
        """Whether each `resident` is protected on `day`."""
        own = (self.guarded[resident] <= day) & (day < self.unguarded[resident])
        return np.asarray(own | (self.received.days.count(resident, day) > 0) if self.received.size else own)


@dataclass(frozen=True, slots=True)
class Index:
    """Residents grouped by what they match.

    Attributes:
        group: the group that each resident's own details ask for, shape ``(n_residents,)``.
        offsets: where each group begins in `members`, shape ``(n_groups + 1,)``.
        members: residents by group, in the order in which candidates are listed.
        stayers: members of each group who are in the register all the time.
        movers: times of the other members.
        guarded: times in which members are both live and protected.
    """

    group: Codes
    offsets: Codes
    members: Codes
    stayers: Codes
    movers: Intervals
    guarded: Intervals

    @classmethod
    def of(cls, group: Codes, pair_group: Codes, pair_resident: Ints, times: Times) -> Self:
        """Make it of each resident's `group` and the pairs of a group and a resident who matches it."""
        count = int(group.max(initial=-1)) + 1
        codes, members = _listed(pair_group, pair_resident, times.order)
        entered, left = times.entered[members], times.left[members]
        moves = (entered > times.opening) | (left < FOREVER)
        starts = np.maximum(entered, times.guarded[members])
        ends = np.minimum(left, times.unguarded[members])
        at, span = times.received.of(members) if times.received.size else (codes[:0], codes[:0])
        starts = np.concatenate((starts, np.maximum(entered[at], times.received.first[span])))
        ends = np.concatenate((ends, np.minimum(left[at], times.received.end[span])))
        return cls(
            group,
            np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=count)))).astype(np.int32),
            members.astype(np.int32),
            np.bincount(codes[~moves], minlength=count).astype(np.int32),
            Intervals.of(codes[moves], entered[moves], left[moves]),
            Intervals.of(np.concatenate((codes, codes[at])), starts, ends),
        )

    def count(self, target: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Per search: who matches on `day`, and how many of them are protected then; shapes ``(n,)``."""
        group = self.group[target]
        return self.stayers[group] + self.movers.count(group, day), self.guarded.count(group, day)

    def candidates(
        self, target: Ints, day: Ints, limit: Ints, guarded_too: Flags, times: Times
    ) -> tuple[Ints, Ints, Ints]:
        """The first `limit` matches of each search on `day`: row of the search, rank, resident."""
        group = self.group[target]
        sizes = self.offsets[group + 1] - self.offsets[group]
        spare = self.movers.total(group) + np.where(guarded_too, 0, self.guarded.total(group))
        take = np.where(limit > 0, np.minimum(sizes, limit + spare), 0)
        row = np.repeat(np.arange(len(target)), take)
        within = np.arange(len(row)) - np.repeat(np.cumsum(take) - take, take)
        resident = self.members[self.offsets[group][row] + within]
        seen = times.live(resident, day[row]) & (guarded_too[row] | ~times.protected(resident, day[row]))
        row, resident = row[seen], resident[seen]
        rank = ranks(row, len(target))
        first = rank < limit[row]
        return row[first], rank[first], resident[first].astype(np.int64)


def ranks(row: Ints, count: int) -> Ints:
    """Which one of its row each is, from 0; `row` is in order and below `count`."""
    sizes = np.bincount(row, minlength=count)
    return np.arange(len(row)) - (np.cumsum(sizes) - sizes)[row]


def _listed(group: Codes, resident: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Pairs of a group and a resident by group and, in it, by place in the list: groups, residents."""
    bits = len(order).bit_length()
    at = np.empty_like(order)
    at[order] = np.arange(len(order))
    pairs = np.sort((group.astype(np.int64) << bits) + order[resident])
    return pairs >> bits, at[pairs & (1 << bits) - 1]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A column of texts sorted once, whose beginnings are in order too.

    Attributes:
        order: rows by text.
        texts: the texts in that order.
    """

    order: Ints
    texts: pl.Series

    @classmethod
    def of(cls, values: pl.Series) -> Self:
        """Sort them."""
        order = values.arg_sort()
        return cls(order.to_numpy().astype(np.int64), values.gather(order))

    def dense(self, length: int | None = None) -> Ints:
        """A number for each distinct text, or its first `length` characters, in their order, shape ``(n,)``."""
        texts = self.texts if length is None else self.texts.str.slice(0, length)
        numbers = np.empty(len(texts), dtype=np.int64)
        numbers[self.order] = texts.rle_id().to_numpy()
        return numbers


def containing(keys: pl.Series, own: Ints, length: int) -> tuple[Ints, Ints]:
    """Who contains the first `length` characters of whose key, which are the group `own`: pairs (group, resident)."""
    heads = pl.DataFrame({"piece": keys.str.slice(0, length), "group": own})
    wanted = heads.unique("piece")
    longest = int(keys.str.len_chars().max() or 0)  # type: ignore[arg-type]
    people = pl.DataFrame({"resident": pl.arange(0, len(keys), eager=True), "key": keys})
    pieces = (
        people.select("resident", piece=pl.col("key").str.slice(at, length)).join(wanted, on="piece")
        for at in range(max(1, longest - length + 1))
    )
    pairs = pl.concat([piece.select("group", "resident") for piece in pieces]).unique().sort("group", "resident")
    return pairs["group"].to_numpy(), pairs["resident"].to_numpy()
