"""Office days."""

from datetime import date

import numpy as np

from simulator.clock import Window
from simulator.world.calendar import business_days, epoch_day, is_business_day, years_before


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
