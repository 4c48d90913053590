"""Names of towns of fictional municipalities, and postal codes that Japan Post does not use."""

from functools import lru_cache

import polars as pl

from simulator.errors import UsageError
from simulator.world.folding import fold_address
from simulator.world.municipality import Municipality
from simulator.world.real_towns import real_towns

CHOMES = 4
TOWNS_PER_DISTRICT = CHOMES + 2  # a town of four chome and two without, in each district of each block
_STEMS_PER_DISTRICT = 3
NUMBERS_PER_TURN, MOST_BLOCKS = 400, 60_000
_NUMERALS = "一二三四"
_FIRST = (
    "桜", "緑", "若葉", "旭", "栄", "本", "新", "泉", "松", "竹",
    "梅", "朝日", "日吉", "春日", "清水", "大手", "宮", "寺", "川", "港",
    "浜", "山", "森", "石", "柏", "楠", "榎", "萩", "菊", "藤", "高砂", "千歳", "鶴", "亀", "錦", "曙",
    "常盤", "末広", "東", "西",
    "南", "北", "上", "下", "中", "大", "小", "長", "白", "青", "富士見", "星", "月", "雲雀", "鷹", "鷺",
)  # fmt: skip
_LAST = (
    "町", "台", "が丘", "野", "原", "島", "沢", "田", "谷", "浦", "里", "木", "崎", "瀬", "塚", "窪", "坂",
    "林", "井", "園", "見町",
    "川町", "新町", "本町", "元町", "元", "根", "尾", "平", "久保", "之内", "戸", "通", "場", "山町",
)  # fmt: skip
_STEP = 743  # shares no factor with the number of combinations, so every town has its own name


def stem(ordinal: int) -> str:
    """The name of town number `ordinal`: all different for the first 9,800."""
    combinations = len(_FIRST) * len(_LAST)
    place = ordinal * _STEP % combinations
    round_number = ordinal // combinations
    name = _FIRST[place // len(_LAST)] + _LAST[place % len(_LAST)]
    return name if round_number == 0 else f"{'上中下奥前'[round_number % 5]}{name}"


def town_names(place: Municipality, block: int) -> pl.DataFrame:
    """Towns of one block: columns town, key, postal_code, base; `TOWNS_PER_DISTRICT` for each district in order.

    Postal codes begin with 000, which no real one does; unique within a municipality up to 10,000 towns. Where a real
    town serves several times, its block numbers (番) begin beyond `base` each time.

    Raises:
        UsageError: the real municipality chosen has too few towns.
    """
    return _borrowed(place, place.towns, block) if place.towns else _invented(place, block)


@lru_cache(maxsize=64)
def _invented(place: Municipality, block: int) -> pl.DataFrame:
    names, codes = [], []
    for district in range(place.district_count):
        ordinal = (block * place.district_count + district) * _STEMS_PER_DISTRICT
        stems = [stem(ordinal + j) for j in range(_STEMS_PER_DISTRICT)]
        names += [f"{stems[0]}{numeral}丁目" for numeral in _NUMERALS] + stems[1:]
        codes += [_postal_code(place, ordinal)] * CHOMES + [_postal_code(place, ordinal + j) for j in (1, 2)]
    keys = [fold_address(name) + ("-" if name.endswith("丁目") else "") for name in names]
    return pl.DataFrame({"town": names, "key": keys, "postal_code": codes, "base": [0] * len(names)})


@lru_cache(maxsize=64)
def _borrowed(place: Municipality, city: str, block: int) -> pl.DataFrame:
    towns, count = real_towns(city), place.district_count * TOWNS_PER_DISTRICT
    turns = [divmod(block * count + slot, len(towns)) for slot in range(count)]
    if turns[-1][0] * NUMBERS_PER_TURN > MOST_BLOCKS:
        msg = f"{city} has only {len(towns)} towns: too few for so many residents; choose a larger municipality"
        raise UsageError(msg)
    names = [towns[at].town for _, at in turns]
    keys = [fold_address(name) for name in names]
    codes = [towns[at].postal_code for _, at in turns]
    base = [turn * NUMBERS_PER_TURN for turn, _ in turns]
    return pl.DataFrame({"town": names, "key": keys, "postal_code": codes, "base": base})


def _postal_code(place: Municipality, ordinal: int) -> str:
    return f"000{(int(place.code[2:5]) * 37 + ordinal) % 10_000:04d}"
