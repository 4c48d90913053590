"""Places outside the simulated municipalities: where people come from, go to, and have their family register."""

from functools import cache

import numpy as np
import polars as pl

from simulator.streams import multiply_high
from simulator.world.towns import stem

PLACES = 4_096  # so many addresses elsewhere, each the whole text
# Invented; no prefecture or municipality of Japan bears these names.
_PREFECTURES = ("天原県", "蒼海県", "月影県", "白嶺県", "花筏県", "若草県", "遠浪県", "星野原県")
_MUNICIPALITIES = (
    "朝霧市", "青柳原市", "八重垣市", "千種野市", "汐見台市", "雪乃市", "桐ヶ丘市", "真帆市", "琴浦原市", "美里野市",
    "夕凪市", "榛原台市", "水守市", "葦原市", "楓市", "鈴音市", "白露町", "茜町", "千鳥原町", "霞ヶ里町",
)  # fmt: skip
_COUNTRIES = (
    "中華人民共和国", "ベトナム社会主義共和国", "大韓民国", "アメリカ合衆国", "フィリピン共和国", "豪州",
    "タイ王国", "ブラジル連邦共和国",
)  # fmt: skip
COUNTRIES = len(_COUNTRIES)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def municipality_of(place: int) -> str:
    """The prefecture and municipality of address `place`."""
    return _PREFECTURES[place % len(_PREFECTURES)] + _MUNICIPALITIES[place // len(_PREFECTURES) % len(_MUNICIPALITIES)]


@cache
def towns_elsewhere() -> pl.Series:
    """Prefecture, municipality and town of each address, shape ``(PLACES,)``."""
    return pl.Series([municipality_of(i) + stem(i % 1_900) for i in range(PLACES)])


@cache
def addresses_elsewhere() -> pl.Series:
    """Whole addresses, shape ``(PLACES,)``, all different."""
    words = np.arange(1, PLACES + 1, dtype=np.uint64) * _MIX
    block, lot = (multiply_high(words << np.uint64(shift), np.uint64(30)) + np.uint64(1) for shift in (0, 13))
    return pl.Series([f"{town}{b}番{n}号" for town, b, n in zip(towns_elsewhere().to_list(), block, lot, strict=True)])


@cache
def countries() -> pl.Series:
    """Countries where people come from or go to."""
    return pl.Series(_COUNTRIES)
