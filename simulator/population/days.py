"""On which days things happen and are notified at the office."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from simulator.clock import Window
from simulator.streams import Ints, Stream, Weights
from simulator.world.calendar import business_days, epoch_day
from simulator.world.openings import ASSUMED_OPENING, counter_days, crowd, is_weekend_opening, moving_factor

YEAR_DAYS = 365
MOVE_NOTICE_DAYS = 14  # Source: 住基法22–25条; domain.md 1.2
BIRTH_NOTICE_DAYS = 14  # Source: 戸籍法49条
DEATH_NOTICE_DAYS = 7  # Source: 戸籍法86条


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """Office days of a window as epoch days, and the days on which people come to give notice.

    Attributes:
        days: office days.
        counter: days on which counters are open: office days and weekend openings.
        season, usual: weight of each day of `counter` for notices of moving, and for others.
        moving: how often people move in the window, in times of as many days of a whole year.
        first, last: the days of the window.
    """

    days: Ints
    counter: Ints
    season: Weights
    usual: Weights
    moving: float
    first: int
    last: int

    def notices(self, stream: Stream, column: str, count: int, *, seasonal: bool) -> Ints:
        """Days on which `count` notices are made, shape ``(count,)``."""
        found: Ints = self.counter[stream.pick(column, count, self.season if seasonal else self.usual)]
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
    days, counter = business_days(window), counter_days(window)
    if not days:
        return None
    season = [moving_weight(day) for day in counter]
    usual = [0.0 if is_weekend_opening(day) else crowd(day) for day in counter]
    first, last = epoch_day(window.start), epoch_day(window.end) - 1
    return OfficeDays(
        np.array([epoch_day(d) for d in days]), np.array([epoch_day(d) for d in counter]),
        Weights.of(season), Weights.of(usual), sum(season) / _even(window), first, last,
    )  # fmt: skip


def moving_weight(day: date) -> float:
    """How many give notice of moving on `day`, when the counters are open; an ordinary day has 1."""
    return moving_factor(day) * crowd(day) * (ASSUMED_OPENING if is_weekend_opening(day) else 1.0)


def _even(window: Window) -> float:
    """What `window` would weigh if its year knew no season."""
    year = Window(window.start, window.start + timedelta(days=YEAR_DAYS))
    return sum(moving_weight(day) for day in counter_days(year)) * window.day_count / YEAR_DAYS
