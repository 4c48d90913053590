"""When counters open beyond office days, and when elections are near."""

from datetime import date, timedelta

from simulator.clock import Window
from simulator.world.calendar import SATURDAY, is_business_day

ASSUMED_MONDAY = 1.25  # Source of the fact: domain.md 3.6, Mondays and days after holidays; the factor is assumed
ASSUMED_AFTER_CLOSING = 1.2
ASSUMED_MONTH_END = 1.15  # Source of the fact: domain.md 3.6, month starts and ends
ASSUMED_OPENING = 0.8  # a weekend opening in the season of moving, relative to the days around it
MONTH_END = 28
# Notices of moving on a day between the first and the last (month, day), both included, in times of an ordinary day.
# Source: domain.md 3.6, Ishigaki: from 25 March to early April 4 to 5 times, counting moves that follow a marriage or a
# divorce, which know no season. The shoulders are such that March has 17 to 18 % of a year's moves, April 13.5 % and
# each other month 6 to 8 % (domain.md 3.6, stat.go.jp).
SEASON_OF_MOVING = (
    ((3, 1), (3, 14), 1.3),
    ((3, 15), (3, 24), 1.8),
    ((3, 25), (4, 5), 5.0),
    ((4, 6), (4, 15), 1.2),
)


def moving_factor(day: date) -> float:
    """How many notices of moving there are on `day`, in times of an ordinary day."""
    here = (day.month, day.day)
    return next((factor for first, last, factor in SEASON_OF_MOVING if first <= here <= last), 1.0)


def crowd(day: date) -> float:
    """How many come to a counter on `day`, in times of an ordinary one: Mondays, days after closing, month ends."""
    weight = ASSUMED_MONDAY if day.weekday() == 0 else 1.0
    weight *= ASSUMED_AFTER_CLOSING if after_closing(day) and day.weekday() != 0 else 1.0
    return weight * (ASSUMED_MONTH_END if day.day in {1, 2} or day.day >= MONTH_END else 1.0)


def counter_days(window: Window) -> list[date]:
    """Days of `window` on which a change may be notified: office days and weekend openings, in order."""
    return [day for day in window.days() if is_business_day(day) or is_weekend_opening(day)]


def after_closing(day: date) -> bool:
    """Whether `day` is an office day that follows a closed one."""
    return is_business_day(day) and not is_business_day(day - timedelta(days=1))


def is_weekend_opening(day: date) -> bool:
    """Whether the counters open on the weekend `day`: Sundays from 25 March to 7 April.

    Source: domain.md 3.6 (special openings on the last Sunday of March and the first of April are common).
    """
    season = (3, 25) <= (day.month, day.day) <= (4, 7)
    return season and day.weekday() == SATURDAY + 1


_ELECTION_DAYS = 17
_SUNDAY = 6


def elections(year: int) -> list[date]:
    """Election days of `year`: an upper house election every third July, unified local ones every fourth April.

    Source of the cycles: 日本国憲法46条 (2025, 2028 …) and the unified local elections of 2023, 2027 …; the Sundays are
    ASSUMED: the third of July, the second of April.
    """
    found = [_sunday(year, 4, 2)] if year % 4 == 3 else []  # noqa: PLR2004 - 2023, 2027
    return found + ([_sunday(year, 7, 3)] if year % 3 == 0 else [])


def _sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (number - 1))


def before_election(day: date) -> bool:
    """Whether `day` lies in the seventeen days before an election. Source: 公職選挙法32条 (upper house: 17 days)."""
    return any(0 < (election - day).days <= _ELECTION_DAYS for election in elections(day.year))
