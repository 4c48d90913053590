"""When work comes: by month, weekday, day of the month and hour, as tables of whole numbers."""

from datetime import date
from typing import NamedTuple

import numpy as np

from simulator.clock import DAY_MS, HOUR_MS, Window, day_start_ms
from simulator.streams import Ints, Stream, Weights, poisson_weights
from simulator.world.calendar import business_days

# Relative demand by hour from 8 h to 19 h. Source: domain.md 3.6 (counters busiest 12–14 h, quiet after 16 h).
COUNTER = Weights.of((3, 9, 12, 13, 15, 14, 10, 9, 4, 0, 0, 0))
DESK = Weights.of((4, 12, 13, 10, 6, 10, 12, 12, 10, 4, 2, 1))  # ASSUMED: desk work has no rush at noon
_FIRST_HOUR = 8
_MONDAY = 1.3  # ASSUMED factor; Source: domain.md 3.6 names Mondays and month ends as busy without figures
_MONTH_END = 1.2
_MOVE_SEASON = 4.0  # Source: domain.md 3.6, Ishigaki: 4–5 times the usual from 25 March to early April
_YEAR_DAYS = 243  # Source: domain.md 3.7, office days of a year
FLAT = (1,) * 12


class Season(NamedTuple):
    """When in the year: a weight for each month, and whether the weeks of moving house count more."""

    months: tuple[int, ...] = FLAT
    moves: bool = False


def day_weight(day: date, season: Season) -> float:
    """How busy an office `day` is, relative to a usual one."""
    weight = 12 * season.months[day.month - 1] / sum(season.months)
    weight *= _MONDAY if day.weekday() == 0 else 1.0
    weight *= _MONTH_END if day.day in {1, 2} or day.day >= 28 else 1.0  # noqa: PLR2004 -- first and last days
    peak = (day.month, day.day) >= (3, 25) and (day.month, day.day) <= (4, 7)
    return weight * (_MOVE_SEASON if season.moves and peak else 1.0)


def demand(window: Window, per_year: float, season: Season, stream: Stream) -> Ints:
    """Starts of the day (ms) of each case that comes, in order; `per_year` is the expected count of a flat year."""
    mean = per_year / _YEAR_DAYS
    starts = []
    for day in business_days(window):
        expected = mean * day_weight(day, season)
        # A day's count is a sum of parts small enough for the table of the Poisson distribution.
        parts = int(expected // 500) + 1
        if expected <= 0:
            continue
        draws = stream.at(day.isoformat()).pick("count", parts, poisson_weights(expected / parts))
        starts.append(np.full(int(draws.sum()), day_start_ms(day), dtype=np.int64))
    return np.concatenate(starts) if starts else np.empty(0, dtype=np.int64)


def times(day_starts: Ints, hours: Weights, stream: Stream) -> Ints:
    """Instants (ms) within the days, by the profile `hours`."""
    n = len(day_starts)
    hour = stream.pick("hour", n, hours) + _FIRST_HOUR
    inside = stream.below("within_hour", n, HOUR_MS)
    at: Ints = day_starts + np.minimum(hour * HOUR_MS + inside, DAY_MS - 1)
    return at
