"""Counting intervals that contain a day, by group, in columns."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_DAY_BITS = 20
FOREVER = (1 << _DAY_BITS) - 1
"""A day (since 1970-01-01) after every other."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Half-open intervals of days, each in a group.

    Attributes:
        starts: group and first day in one number, sorted.
        ends: group and day after the last in one number, sorted.
    """

    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, group: npt.NDArray[np.integer], start: Ints, end: Ints) -> Self:
        """Make them of three columns of shape ``(n,)``; days run from 0 to `FOREVER`."""
        high = np.asarray(group, dtype=np.int64) << _DAY_BITS
        full = start < end
        return cls(np.sort((high + start)[full]), np.sort((high + end)[full]))

    def count(self, group: npt.NDArray[np.integer], day: Ints) -> Ints:
        """How many intervals of each `group` contain `day`, shape ``(n,)``."""
        if not self.starts.size:
            return np.zeros(len(group), dtype=np.int64)
        low = np.asarray(group, dtype=np.int64) << _DAY_BITS
        begun = np.searchsorted(self.starts, low + day, "right") - np.searchsorted(self.starts, low, "left")
        ended = np.searchsorted(self.ends, low + day, "right") - np.searchsorted(self.ends, low, "left")
        return np.asarray(begun - ended, dtype=np.int64)

    def total(self, group: npt.NDArray[np.integer]) -> Ints:
        """How many intervals each `group` has, shape ``(n,)``."""
        low = np.asarray(group, dtype=np.int64) << _DAY_BITS
        above = np.searchsorted(self.starts, low + FOREVER, "right")
        return np.asarray(above - np.searchsorted(self.starts, low, "left"), dtype=np.int64)
