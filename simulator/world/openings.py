"""When counters open beyond office days, and when elections are near."""

from datetime import date, timedelta

from simulator.world.calendar import SATURDAY, is_business_day


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
