"""The other prefectures of the simulated nation: as many municipalities as Japan's, of sizes like theirs, all invented.

Each stands in the place of one of Japan's and has its number of municipalities and its share of the people. How large
the municipalities of a prefecture are is not copied but follows one rule, so none is a real one in disguise.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

NATION_RESIDENTS = 125_000_000
# Municipalities and residents by prefecture. Source: census of 2020 (令和2年国勢調査 人口等基本集計), in the order of
# JIS X 0401 without 30 (Wakayama: thirty municipalities, 922,584 people), in whose place prefecture 48 stands.
_CENSUS = (
    (179, 5_224_614), (40, 1_237_984), (33, 1_210_534), (35, 2_301_996), (25, 959_502), (35, 1_068_027),
    (59, 1_833_152), (44, 2_867_009), (25, 1_933_146), (35, 1_939_110), (63, 7_344_765), (54, 6_284_480),
    (62, 14_047_594), (33, 9_237_337), (30, 2_201_272), (15, 1_034_814), (19, 1_132_526), (17, 766_863),
    (27, 809_974), (77, 2_048_011), (42, 1_978_742), (35, 3_633_202), (54, 7_542_415), (29, 1_770_254),
    (19, 1_413_610), (26, 2_578_087), (43, 8_837_685), (41, 5_465_002), (39, 1_324_473), (19, 553_407),
    (19, 671_126), (27, 1_888_432), (23, 2_799_702), (19, 1_342_059), (24, 719_559), (17, 950_244), (20, 1_334_841),
    (34, 691_527), (60, 5_135_214), (20, 811_442), (21, 1_312_317), (45, 1_738_301), (18, 1_123_852), (26, 1_069_576),
    (43, 1_588_256), (41, 1_467_480),
)  # fmt: skip
FIRST_NUMBER = 49
_OTHERS = 1_033_900  # people of prefecture 48, whose sizes `municipality` gives one by one
# The r-th largest municipality of a prefecture has a share of its people like 1 / (r + 1)^1.4. ASSUMED, by fit to the
# classes of domain.md 6.2: 14 from a million on (there 11–12), 25 above half a million (24), 95 above 200,000 (95),
# 131 above 100,000 (150), 219 above 50,000 (240), 231 above 30,000 (230), 614 above 10,000 (450), 269 above 5,000
# (250), 143 below (290); median 22,700 (23,000).
_ASSUMED_OFFSET, _ASSUMED_EXPONENT = 1.0, 1.4
CITIES, TOWNS = 801, 732
"""Cities and towns among these 1,711; the rest are villages. With prefecture 48 they are 815 (792 and the 23 wards of
the capital), 743 and 183, as in Japan (domain.md 6.2)."""
_HEADS = (
    "朝霧 アサギリ", "夕霞 ユウガスミ", "春陽 ハルヒ", "夏雲 ナツグモ", "秋蘭 アキラン", "冬木 フユキ",
    "星影 ホシカゲ", "月白 ツキシロ", "風早 カザハヤ", "雲居 クモイ", "雪代 ユキシロ", "花霞 ハナガスミ",
    "若菜 ワカナ", "蛍火 ホタルビ", "千鳥 チドリ", "紫苑 シオン", "桔梗 キキョウ", "撫子 ナデシコ",
    "竜胆 リンドウ", "露草 ツユクサ", "菖蒲 アヤメ", "山吹 ヤマブキ", "萩月 ハギツキ", "楓香 フウカ",
    "銀杏 イチョウ", "胡桃 クルミ", "木蓮 モクレン", "柘榴 ザクロ", "翡翠 ヒスイ", "琥珀 コハク", "珊瑚 サンゴ",
    "真珠 シンジュ", "瑪瑙 メノウ", "黄金 コガネ", "銀河 ギンガ", "天狼 テンロウ", "鳳凰 ホウオウ", "麒麟 キリン",
    "白龍 ハクリュウ", "青鸞 セイラン", "雲雀 ヒバリ", "時雨 シグレ", "陽炎 カゲロウ", "篝火 カガリビ",
    "笹舟 ササブネ", "風鈴 フウリン", "琴音 コトネ",
)  # fmt: skip
_TAILS = (
    "原 ハラ", "浦 ウラ", "崎 サキ", "沢 サワ", "谷 タニ", "峰 ミネ", "浜 ハマ", "台 ダイ", "野 ノ", "川 カワ",
    "島 シマ", "岡 オカ", "森 モリ", "里 サト", "淵 フチ", "瀬 セ", "坂 サカ", "池 イケ", "津 ツ", "江 エ",
    "丘 ガオカ", "泉 イズミ", "橋 バシ", "宮 ミヤ", "城 シロ", "井 イ", "戸 ト", "峠 トウゲ", "平 ダイラ",
    "倉 クラ", "関 セキ", "塚 ヅカ", "牧 マキ", "渡 ワタリ", "見 ミ", "郷 ゴウ", "磯 イソ", "滝 タキ",
)  # fmt: skip


class Sketch(NamedTuple):
    """What makes one municipality.

    Attributes:
        prefecture: number, 49 to 94.
        prefecture_name: with 県.
        residents: people in its register.
        name, kana: without 市, 町 or 村.
    """

    prefecture: int
    prefecture_name: str
    residents: int
    name: str
    kana: str


def sketches() -> Iterator[Sketch]:
    """The 1,711 municipalities of prefectures 49 to 94, the largest of each prefecture first."""
    people, number = sum(census for _, census in _CENSUS), 0
    for place, (count, census) in enumerate(_CENSUS):
        shares = 1 / (np.arange(1, count + 1) + _ASSUMED_OFFSET) ** _ASSUMED_EXPONENT
        tens = np.rint(census / people * (NATION_RESIDENTS - _OTHERS) * shares / shares.sum() / 10)
        for size in tens.astype(int) * 10:
            yield Sketch(FIRST_NUMBER + place, f"{_HEADS[place].split()[0]}県", int(size), *_name(number))
            number += 1


def _name(number: int) -> tuple[str, str]:
    head, tail = _HEADS[number % len(_HEADS)].split(), _TAILS[number // len(_HEADS)].split()
    return head[0] + tail[0], head[1] + tail[1]
