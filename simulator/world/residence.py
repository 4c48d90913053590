"""Statuses of residence: which nationals hold which, for how long, and who has a Japanese name in use."""

from datetime import date
from functools import cache

import numpy as np

from simulator.schema.record import RESIDENCE_STATUSES
from simulator.streams import Ints, Weights
from simulator.world.calendar import epoch_day
from simulator.world.foreigners import NATIONS

REGISTER_BEGAN = epoch_day(date(2012, 7, 9))  # Source: domain.md 1.1: foreigners entered the register on that day
# ASSUMED per cent of each nationality by status, in the order of RESIDENCE_STATUSES; sums over nations follow the
# totals of domain.md 6.1 (永住者 24, 技能実習 12, 技人国 11, 留学 11, 家族滞在 8, 特定技能 8, 特別永住者 7 per cent).
ASSUMED_STATUSES = {
    "CN": (40, 0, 4, 4, 3, 4, 2, 13, 16, 0, 2, 3, 1), "VN": (4, 0, 1, 1, 1, 36, 22, 18, 8, 0, 6, 0, 0),
    "KR": (18, 60, 2, 3, 1, 0, 0, 7, 5, 0, 1, 1, 0), "PH": (40, 0, 18, 8, 2, 13, 9, 4, 1, 0, 3, 0, 0),
    "NP": (3, 0, 1, 0, 1, 2, 4, 18, 30, 0, 4, 1, 8), "BR": (55, 0, 34, 8, 2, 0, 0, 1, 0, 0, 0, 0, 0),
    "ID": (5, 0, 2, 2, 1, 47, 28, 5, 5, 0, 5, 0, 0), "MM": (3, 0, 3, 1, 1, 24, 22, 9, 12, 0, 25, 0, 0),
    "TW": (38, 0, 3, 6, 2, 0, 0, 20, 14, 0, 8, 3, 0), "US": (34, 0, 2, 18, 2, 0, 0, 18, 5, 0, 4, 3, 0),
}  # fmt: skip
# ASSUMED share with an alias: by nation for permanent residents, and for anyone else.
ASSUMED_ALIAS = {"KR": 0.7, "CN": 0.12, "BR": 0.1, "TW": 0.12}
ASSUMED_ALIAS_ELSE = 0.02
FAMILY_OF_HEAD = ("技術・人文知識・国際業務", "留学", "経営・管理", "技能", "特定技能")
PERIODS = {"5年": 60, "3年": 36, "1年": 12, "2年": 24, "1年3月": 15}
# Source: 入管法施行規則別表第二 (periods a status may have); which of them is drawn evenly, ASSUMED.
_PERIODS_OF = {"留学": ("2年", "1年3月", "1年"), "技能実習": ("1年",), "特定技能": ("1年",), "特定活動": ("1年",)}
_USUAL = ("5年", "3年", "1年")
LONG_STAY_DAYS = 3_650  # ASSUMED: who has been here for ten years is a permanent or long-term resident


def status(name: str) -> int:
    """The number of a status of residence."""
    return RESIDENCE_STATUSES.categories.to_list().index(name)


@cache
def status_weights() -> tuple[Weights, ...]:
    """How each nation's household heads are drawn, in the order of `NATIONS`."""
    return tuple(Weights.of(ASSUMED_STATUSES[nation.code]) for nation in NATIONS)


@cache
def alias_rates() -> np.ndarray:
    """Chance of an alias, shape ``(n_nations, 2)``: permanent residents first."""
    return np.array([(ASSUMED_ALIAS.get(nation.code, ASSUMED_ALIAS_ELSE), ASSUMED_ALIAS_ELSE) for nation in NATIONS])


@cache
def period_table() -> tuple[Ints, Ints, tuple[str, ...]]:
    """For each status three choices of period (as a row of the names), the months of each period, and the names."""
    names = tuple(PERIODS)
    choices = [_PERIODS_OF.get(name, _USUAL) for name in RESIDENCE_STATUSES.categories]
    rows = [[names.index(each[k % len(each)]) for k in range(3)] for each in choices]
    return np.array(rows), np.array(list(PERIODS.values())), names
