"""Bulk extraction: whom the yearly lists of each purpose hold."""

from datetime import date, timedelta

import numpy as np

from simulator.registry import Ints, Registry
from simulator.schema.vocabulary import PURPOSES

# Ages in whole years, both ends included. Sources: electoral roll 公職選挙法9条 (18); school register
# 学校教育法17条, 学校教育法施行令2条 (entering next April to leaving at 15); child allowance 児童手当法3条 (18);
# care insurance 介護保険法9条 (40); late-elderly care 高齢者医療確保法50条 (75), health insurance below it.
AGES = {
    "electoral_roll": (18, 150), "school_register": (5, 15), "child_allowance": (0, 18), "elderly_care": (40, 150),
    "late_elderly": (75, 150), "health_insurance": (0, 74), "pension": (20, 59),
}  # fmt: skip
EVERYONE = (0, 150)
_EPOCH = date(1970, 1, 1)


def born(purpose: str, on: date) -> tuple[date, date]:
    """Whom an extraction for `purpose` holds `on` a day: born after the first date and up to the second."""
    low, high = AGES.get(purpose, EVERYONE)
    return _years_before(on, high + 1), _years_before(on, low)


def select(registry: Registry, purpose: int, day: int, *, guarded_too: bool) -> Ints:
    """resident_no of those whom an extraction for `purpose` on `day` holds, in order of row."""
    after, until = ((each - _EPOCH).days for each in born(PURPOSES[purpose].code, _EPOCH + timedelta(days=day)))
    everyone = np.arange(registry.size)
    days = np.full(registry.size, day)
    held = registry.times.live(everyone, days)
    held &= (registry.birth <= until) & (registry.birth > after)
    if not guarded_too:
        held &= ~registry.times.protected(everyone, days)
    return np.flatnonzero(held)


def _years_before(on: date, years: int) -> date:
    leap_day = on.month == 2 and on.day == 29  # noqa: PLR2004 - 29 February
    return on.replace(year=on.year - years, day=28 if leap_day else on.day)
