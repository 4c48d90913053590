"""Fictional municipalities: prefecture numbers that Japan does not use, with the true check digit.

Thirty of prefecture 48 are told by hand; the other 1,711 of the nation follow from `prefectures`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from simulator.errors import UnknownNameError
from simulator.world.check_digits import municipality_check
from simulator.world.prefectures import CITIES, TOWNS, Sketch, sketches


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the simulated nation.

    Attributes:
        code: six digits; prefecture 48–99 (01–47 are Japan's), last digit the true check digit.
        name: in kanji, with 市, 町 or 村.
        kana: in katakana.
        prefecture: name of the fictional prefecture.
        district_count: districts; the town hall stands in district 0.
        profile: age and household profile that fits it.
        first_block: where its numbers begin in the nation, in blocks; no two municipalities overlap.
        block_capacity: how many blocks it can ever hold.
        residents: people in its register, where a scenario takes every place in its own size.
        towns: real municipality whose towns and postal codes it borrows; it stays the same municipality.
    """

    code: str
    name: str
    kana: str
    prefecture: str
    district_count: int
    profile: str
    first_block: int
    block_capacity: int
    residents: int
    towns: str = field(default="", compare=False)


def _of(  # noqa: PLR0917 - a row of the table below
    number: int, names: tuple[str, str], districts: int, profile: str, slot: int, residents: int
) -> Municipality:
    code, first = _code(number), slot * _CAPACITY
    return Municipality(code, names[0], names[1], "天原県", districts, profile, first, _CAPACITY, residents)


def _code(number: int) -> str:
    return f"{number:05d}{municipality_check(f'{number:05d}')}"


_CAPACITY = 1_024


# Names are invented: no municipality of Japan bears them. Source of the numbering: domain.md 2 (48–99 unassigned).
_AMAHARA = (
    _of(48_201, ("青嶺市", "アオミネシ"), 6, "national", 0, 300_000),
    _of(48_202, ("白汐市", "シラシオシ"), 8, "national", 1, 120_000),
    _of(48_203, ("学園原市", "ガクエンハラシ"), 6, "student_city", 2, 90_000),
    _of(48_204, ("新瑞台市", "シンミズダイシ"), 6, "commuter_suburb", 3, 75_000),
    _of(48_301, ("霧ヶ瀬町", "キリガセチョウ"), 4, "ageing_town", 4, 15_000),
    _of(48_205, ("千種浜市", "チグサハマシ"), 8, "national", 5, 60_000),
    _of(48_206, ("望嶺市", "ボウレイシ"), 6, "national", 6, 48_000),
    _of(48_207, ("瑠璃川市", "ルリカワシ"), 6, "national", 7, 42_000),
    _of(48_208, ("鳴砂原市", "ナリスナハラシ"), 6, "ageing_town", 8, 36_000),
    _of(48_209, ("穂高見市", "ホダカミシ"), 6, "national", 9, 30_000),
    _of(48_210, ("朱雀野市", "スザクノシ"), 5, "commuter_suburb", 10, 28_000),
    _of(48_211, ("月待崎市", "ツキマチザキシ"), 5, "ageing_town", 11, 24_000),
    _of(48_212, ("白鷺原市", "シラサギハラシ"), 6, "national", 12, 22_000),
    _of(48_213, ("碧水台市", "ヘキスイダイシ"), 5, "commuter_suburb", 13, 20_000),
    _of(48_214, ("雁渡市", "カリワタシシ"), 5, "ageing_town", 14, 18_000),
    _of(48_302, ("星見ヶ淵町", "ホシミガフチチョウ"), 4, "ageing_town", 15, 14_000),
    _of(48_303, ("若苗町", "ワカナエチョウ"), 4, "national", 16, 12_000),
    _of(48_304, ("灯守町", "ヒモリチョウ"), 4, "ageing_town", 17, 11_000),
    _of(48_305, ("青垣内町", "アオガイトチョウ"), 4, "national", 18, 10_000),
    _of(48_306, ("水鏡町", "ミズカガミチョウ"), 4, "ageing_town", 19, 9_000),
    _of(48_307, ("風待浦町", "カザマチウラチョウ"), 4, "ageing_town", 20, 8_000),
    _of(48_308, ("萌黄台町", "モエギダイチョウ"), 4, "commuter_suburb", 21, 7_500),
    _of(48_309, ("鹿鳴原町", "カナキハラチョウ"), 4, "ageing_town", 22, 7_000),
    _of(48_310, ("夕凪浜町", "ユウナギハマチョウ"), 4, "national", 23, 6_500),
    _of(48_311, ("雪見沢町", "ユキミザワチョウ"), 4, "ageing_town", 24, 6_000),
    _of(48_401, ("狐火村", "キツネビムラ"), 3, "ageing_town", 25, 4_200),
    _of(48_402, ("霞谷戸村", "カスミヤトムラ"), 3, "ageing_town", 26, 3_500),
    _of(48_403, ("樹氷村", "ジュヒョウムラ"), 3, "ageing_town", 27, 3_000),
    _of(48_404, ("泡雪村", "アワユキムラ"), 3, "ageing_town", 28, 2_400),
    _of(48_405, ("奥天原村", "オクアマハラムラ"), 3, "ageing_town", 29, 1_800),
)
_KINDS = (("市", "シ", 200), ("町", "チョウ", 300), ("村", "ムラ", 500))
_ROOM = 3  # the numbers of a municipality reach for so many times its people, and for some blocks at least
_LEAST_BLOCKS = 16
_BLOCK_RESIDENTS = 17_600  # of a full block, about


def _others() -> Iterator[Municipality]:
    """The municipalities of the other prefectures, their numbers behind those of the first."""
    drawn, first, counted = list(sketches()), len(_AMAHARA) * _CAPACITY, Counter[int]()
    for sketch, rank in zip(drawn, _ranks(drawn), strict=True):
        kind, kana, base = _KINDS[(rank >= CITIES) + (rank >= CITIES + TOWNS)]
        counted[sketch.prefecture * 1_000 + base] += 1
        number = sketch.prefecture * 1_000 + base + counted[sketch.prefecture * 1_000 + base]
        capacity = _ROOM * (sketch.residents // _BLOCK_RESIDENTS + 1) + _LEAST_BLOCKS
        names = sketch.name + kind, sketch.kana + kana, sketch.prefecture_name
        yield Municipality(_code(number), *names, *_character(rank), first, capacity, sketch.residents)
        first += capacity


def _ranks(drawn: list[Sketch]) -> list[int]:
    """The place of each by size, from 0."""
    order = sorted(range(len(drawn)), key=lambda place: -drawn[place].residents)
    ranks = dict(zip(order, range(len(order)), strict=True))
    return [ranks[place] for place in range(len(drawn))]


def _character(rank: int) -> tuple[int, str]:
    """Districts and profile: villages and half of the towns are old, every third city lies by a larger one. ASSUMED."""
    if rank >= CITIES:
        return (4, "national") if rank % 2 and rank < CITIES + TOWNS else (3, "ageing_town")
    return 8 if rank < CITIES // 4 else 6, ("national", "commuter_suburb", "national")[rank % 3]


MUNICIPALITIES = (*_AMAHARA, *_others())
"""All 1,741 of the nation, in the order of their numbers."""
DEMO = MUNICIPALITIES[0]


@cache
def _places() -> dict[str, int]:
    return {place.code: number for number, place in enumerate(MUNICIPALITIES)}


def place_in_nation(code: str) -> int:
    """The place, from 0, of the municipality with the six-digit `code` among `MUNICIPALITIES`.

    Raises:
        UnknownNameError: there is none.
    """
    if code not in _places():
        raise UnknownNameError("municipality", code, _places())
    return _places()[code]


def municipality(code: str) -> Municipality:
    """The municipality with the six-digit `code`.

    Raises:
        UnknownNameError: there is none; the message lists some that are.
    """
    return MUNICIPALITIES[place_in_nation(code)]
