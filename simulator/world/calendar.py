"""Office days: neither weekend, national holiday nor the turn of the year."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from simulator.clock import Window
from simulator.world.tables import table

SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 1990, 2040  # of the table of holidays
# Source: 地方自治法4条の2; ordinances of municipalities close 29 December to 3 January.
CLOSED = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def is_business_day(day: date) -> bool:
    """Whether municipal offices are open on `day`."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in CLOSED:
        return False
    return not is_holiday(day)


def is_holiday(day: date) -> bool:
    """Whether `day` is a national holiday or its substitute."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day in _holidays()
    import jpholiday  # noqa: PLC0415 (only for years beyond the table: it takes milliseconds a day)

    return bool(jpholiday.is_holiday(day))


@cache
def _holidays() -> frozenset[date]:
    years = ((int(year), days.split()) for year, days in table("holidays").items())
    return frozenset(date(year, int(day[:2]), int(day[2:])) for year, days in years for day in days)


def business_days(window: Window) -> list[date]:
    """The office days of `window`, in order."""
    return [day for day in window.days() if is_business_day(day)]


def epoch_day(day: date) -> int:
    """Days since 1970-01-01, as polars and NumPy count dates."""
    return day.toordinal() - 719_163


def years_before(day: date, years: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The epoch days on which someone turned `years` old, if `day` is that birthday; 29 February counts as 1 March."""
    shifted = day if (day.month, day.day) != (2, 29) else day + timedelta(days=1)
    months = np.datetime64(f"{shifted.year:04d}-{shifted.month:02d}", "M") - 12 * years.astype("timedelta64[M]")
    return (months.astype("datetime64[D]").astype(np.int64) + (shifted.day - 1)).astype(np.int64)


def years_on(day: date, births: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Whole years on `day` of people born on the epoch days `births`."""
    days = births.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    since = (day.year - 1970) * 12 + day.month - 1 - months.astype(np.int64)
    whole: npt.NDArray[np.int64] = (since - (of_month > day.day)) // 12
    return whole


@cache
def _open_days() -> npt.NDArray[np.int64]:
    """Office days of half a century, as epoch days."""
    closed = [date(year, *day) for year in range(FIRST_YEAR, LAST_YEAR) for day in CLOSED]
    days = np.arange(epoch_day(date(FIRST_YEAR, 1, 1)), epoch_day(date(LAST_YEAR, 1, 1)))
    off = np.array([epoch_day(day) for day in (*_holidays(), *closed)]).astype("datetime64[D]")
    found: npt.NDArray[np.int64] = days[np.is_busday(days.astype("datetime64[D]"), holidays=off)]
    return found


def office_days_before(days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The last office day at or before each of `days` (epoch days of 1990 to 2039)."""
    open_days = _open_days()
    at = np.maximum(np.searchsorted(open_days, days, side="right") - 1, 0)
    found: npt.NDArray[np.int64] = open_days[at]
    return found
