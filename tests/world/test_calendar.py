"""Office days."""

from datetime import date

import jpholiday
import numpy as np

from simulator.clock import Window
from simulator.world.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    business_days,
    epoch_day,
    is_business_day,
    is_holiday,
    office_days_before,
    years_before,
)
from simulator.world.tables import table


def test_offices_close_on_weekends_holidays_and_at_new_year() -> None:
    """Sunday, a substitute holiday and 30 December are closed; 4 January is open."""
    assert not is_business_day(date(2025, 5, 4))
    assert not is_business_day(date(2025, 5, 6))
    assert not is_business_day(date(2025, 12, 30))
    assert is_business_day(date(2027, 1, 4))


def test_business_days_of_april() -> None:
    """April 2025 has 21 office days (30 − 8 weekend days − Shōwa Day)."""
    assert len(business_days(Window(date(2025, 4, 1), date(2025, 5, 1)))) == 21


def test_years_before_keeps_the_day() -> None:
    """A date some years before is the same day of the month; 29 February counts as 1 March."""
    assert years_before(date(2025, 4, 1), np.array([40])).tolist() == [epoch_day(date(1985, 4, 1))]
    assert years_before(date(2024, 2, 29), np.array([1])).tolist() == [epoch_day(date(2023, 3, 1))]


def test_holidays_are_those_of_the_package() -> None:
    """The table of holidays is what jpholiday says, year by year; beyond it the package is asked."""
    listed = {int(year): days.split() for year, days in table("holidays").items()}
    assert (min(listed), max(listed)) == (FIRST_YEAR, LAST_YEAR)
    for year, days in listed.items():
        assert days == sorted({f"{day:%m%d}" for day, _ in jpholiday.year_holidays(year)}), year
    assert is_holiday(date(2045, 1, 1))
    assert not is_holiday(date(2045, 1, 4))


def test_office_days_before_are_office_days() -> None:
    """The last office day at or before each day is what `is_business_day` says."""
    days = np.arange(epoch_day(date(2024, 12, 20)), epoch_day(date(2025, 2, 1)))
    for day, found in zip(days.tolist(), office_days_before(days).tolist(), strict=True):
        open_days = [d for d in range(day - 14, day + 1) if is_business_day(date.fromordinal(d + 719_163))]
        assert found == open_days[-1]
