"""When work comes: by season, weekday, day of the month and hour, as tables of numbers."""

from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np

from simulator.clock import DAY_MS, HOUR_MS, JST_OFFSET_MS, Window
from simulator.streams import Floats, Ints, Stream, Weights, poisson_weights
from simulator.world.calendar import epoch_day, is_business_day
from simulator.world.openings import ASSUMED_OPENING, SEASON_OF_MOVING, before_election, crowd, is_weekend_opening

# Relative demand by hour from 0 h. Source: domain.md 3.6, Sakai (counters rather busy from 9, busiest 12-14, quiet
# after 16 h; the hours of 8 and 17 are open for half and a quarter of the hour).
COUNTER = Weights.of((0,) * 8 + (3, 9, 12, 13, 15, 14, 10, 9, 4, 1, 0, 0, 0, 0, 0, 0))
# Source: shops issue certificates from 6:30 to 23:00 (every municipality's notice); the shape is ASSUMED.
ASSUMED_SHOP = Weights.of((0,) * 6 + (1, 4, 6, 7, 8, 8, 9, 8, 7, 7, 8, 9, 9, 8, 6, 4, 2, 0))
ASSUMED_NIGHT = Weights.of((2, 6, 6, 2) + (0,) * 20)
FLAT = (1,) * 12
_MAX_MEAN = 500.0


class Peak(NamedTuple):
    """Days of the year, both ends included as (month, day), on which `factor` times as many come."""

    first: tuple[int, int]
    last: tuple[int, int]
    factor: float

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.first <= (day.month, day.day) <= self.last


MOVES = tuple(Peak(*part) for part in SEASON_OF_MOVING)
# Source: domain.md 3.6: certificates that moves bring along.
MOVES_TOO = (Peak((3, 20), (4, 10), 1.9),)
TAX_CERTIFICATES = (Peak((6, 1), (7, 15), 2.6),)  # Source: domain.md 3.6, June to mid-July; the factor is assumed


class Season(NamedTuple):
    """When in the year.

    Attributes:
        months: a weight for each month.
        peaks: days that count more.
        counter: whether Mondays, days after closing and month ends count more.
        elections: how many times as many come in the seventeen days before an election.
        every_day: whether they come on closed days too.
        openings: whether they come to weekend openings.
    """

    months: tuple[int, ...] = FLAT
    peaks: tuple[Peak, ...] = ()
    counter: bool = True
    elections: float = 1.0
    every_day: bool = False
    openings: bool = False

    def weight(self, day: date) -> float:
        """How much comes on `day`, relative to a usual one; 0 on closed days."""
        opening = self.openings and is_weekend_opening(day)
        if not (self.every_day or opening or is_business_day(day)):
            return 0.0
        weight = 12 * self.months[day.month - 1] / sum(self.months)
        for peak in self.peaks:
            weight *= peak.factor if peak.holds(day) else 1.0
        weight *= self.elections if before_election(day) else 1.0
        return weight * (ASSUMED_OPENING if opening else 1.0) * (crowd(day) if self.counter else 1.0)


@cache
def shares(window: Window, season: Season) -> Floats:
    """The part of a year's cases that comes on each day of `window`, shape ``(days,)``.

    A year is that in which the window begins.
    """
    year = Window(date(window.start.year, 1, 1), date(window.start.year + 1, 1, 1))
    whole = sum(season.weight(day) for day in year.days())
    return np.array([season.weight(day) for day in window.days()]) / max(whole, 1e-9)


def demand(window: Window, per_year: float, season: Season, stream: Stream) -> Ints:
    """The day (number in the window) of each case that comes, in order; `per_year` are expected in the first year.

    An inhomogeneous Poisson process: a Poisson total, and a day for each case by the day's share.
    """
    share = shares(window, season)
    expected = per_year * float(share.sum())
    if expected <= 0:
        return np.empty(0, dtype=np.int64)
    # The total is a sum of parts small enough for the table of the Poisson distribution.
    parts = int(expected // _MAX_MEAN) + 1
    total = int(stream.pick("count", parts, poisson_weights(expected / parts)).sum())
    return np.sort(stream.pick("day", total, Weights.of(share.tolist())))


def day_start(window: Window, days: Ints) -> Ints:
    """The first millisecond of `days` of the window."""
    return (days + epoch_day(window.start)) * DAY_MS - JST_OFFSET_MS


def within_day(hours: Weights, n: int, stream: Stream) -> Ints:
    """Milliseconds since the start of the day by the profile `hours`, shape ``(n,)``."""
    at: Ints = stream.pick("hour", n, hours) * HOUR_MS + stream.below("within_hour", n, HOUR_MS)
    return at
