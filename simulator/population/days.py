"""On which days things happen and are notified at the office."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from simulator.clock import Window
from simulator.streams import Ints, Stream, Weights
from simulator.world.calendar import business_days, epoch_day

# ASSUMED moves by month in per mille, January first; March and April carry about 30 % of a year's.
ASSUMED_SEASON = (62, 68, 172, 138, 76, 70, 72, 74, 70, 68, 60, 70)
MOVE_NOTICE_DAYS = 14  # Source: 住基法22–25条; domain.md 1.2
BIRTH_NOTICE_DAYS = 14  # Source: 戸籍法49条
DEATH_NOTICE_DAYS = 7  # Source: 戸籍法86条


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """Office days of a window as epoch days, with the weight of each for moves."""

    days: Ints
    season: Weights
    first: int
    last: int

    def notices(self, stream: Stream, column: str, count: int, *, seasonal: bool) -> Ints:
        """Days on which `count` notices are made, shape ``(count,)``."""
        pick = stream.pick(column, count, self.season) if seasonal else stream.below(column, count, len(self.days))
        found: Ints = self.days[pick]
        return found

    def later(self, days: Ints) -> Ints:
        """The first office day at or after each of `days`; −1 if the window has none."""
        at = np.searchsorted(self.days, days, side="left")
        return np.where(at < len(self.days), self.days[np.minimum(at, len(self.days) - 1)], -1)

    def earlier(self, days: Ints) -> Ints:
        """The last office day at or before each of `days`; −1 if the window has none."""
        at = np.searchsorted(self.days, days, side="right") - 1
        return np.where(at >= 0, self.days[np.maximum(at, 0)], -1)

    def before(self, stream: Stream, column: str, notices: Ints, within: int) -> Ints:
        """Days up to `within` before each notice, not before the window."""
        days: Ints = np.maximum(self.first, notices - stream.below(column, len(notices), within))
        return days

    def after(self, stream: Stream, column: str, notices: Ints, within: int) -> Ints:
        """Days up to `within` after each notice, not after the window."""
        days: Ints = np.minimum(self.last, notices + stream.below(column, len(notices), within))
        return days


@cache
def office_days(window: Window) -> OfficeDays | None:
    """The office days of `window`; None if it has none."""
    days = business_days(window)
    if not days:
        return None
    per_month: dict[tuple[int, int], int] = {}
    for day in days:
        per_month[day.year, day.month] = per_month.get((day.year, day.month), 0) + 1
    whole = _month_days(window)
    weights = [ASSUMED_SEASON[d.month - 1] * whole[d.year, d.month] / per_month[d.year, d.month] for d in days]
    first, last = epoch_day(window.start), epoch_day(window.end) - 1
    return OfficeDays(np.array([epoch_day(d) for d in days]), Weights.of(weights), first, last)


def _month_days(window: Window) -> dict[tuple[int, int], int]:
    """Days of the window in each of its months: a part of a month weighs as a part."""
    days: dict[tuple[int, int], int] = {}
    for day in window.days():
        days[day.year, day.month] = days.get((day.year, day.month), 0) + 1
    return days
