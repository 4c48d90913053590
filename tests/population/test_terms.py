"""Terms of protection measures that were begun before the window."""

from datetime import date

import numpy as np
import pytest

from simulator.population.protect import Measures, terms_begun
from simulator.world.calendar import epoch_day


@pytest.mark.parametrize("start", [date(2025, 3, 10), date(2024, 3, 1), date(2025, 3, 1), date(2026, 4, 1)])
def test_last_term_begun_reaches_into_the_window(start):
    """Whenever in six years a measure began, its last term begins before the window and ends after its first day."""
    day = epoch_day(start)
    first = day - np.arange(1, 6 * 366)
    who = np.arange(len(first))
    held = terms_begun(who, first, day)
    measures = Measures(who, first, held)
    assert (measures.day(held) > day).all()
    assert (measures.day(held - 1) <= day).all()
