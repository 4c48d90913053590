"""Fictional municipalities: prefecture numbers that Japan does not use, with the true check digit."""

from dataclasses import dataclass, field

from simulator.errors import UnknownNameError
from simulator.world.check_digits import municipality_check


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
    towns: str = field(default="", compare=False)


def _of(number: int, names: tuple[str, str], districts: int, profile: str, slot: int) -> Municipality:
    body = f"{number:05d}"
    capacity = 1_024
    code = body + str(municipality_check(body))
    return Municipality(code, names[0], names[1], "天原県", districts, profile, slot * capacity, capacity)


# Names are invented: no municipality of Japan bears them. Source of the numbering: domain.md 2 (48–99 unassigned).
MUNICIPALITIES = (
    _of(48_201, ("青嶺市", "アオミネシ"), 6, "national", 0),
    _of(48_202, ("白汐市", "シラシオシ"), 8, "national", 1),
    _of(48_203, ("学園原市", "ガクエンハラシ"), 6, "student_city", 2),
    _of(48_204, ("新瑞台市", "シンミズダイシ"), 6, "commuter_suburb", 3),
    _of(48_301, ("霧ヶ瀬町", "キリガセチョウ"), 4, "ageing_town", 4),
    _of(48_205, ("千種浜市", "チグサハマシ"), 8, "national", 5),
    _of(48_206, ("望嶺市", "ボウレイシ"), 6, "national", 6),
    _of(48_207, ("瑠璃川市", "ルリカワシ"), 6, "national", 7),
    _of(48_208, ("鳴砂原市", "ナリスナハラシ"), 6, "ageing_town", 8),
    _of(48_209, ("穂高見市", "ホダカミシ"), 6, "national", 9),
    _of(48_210, ("朱雀野市", "スザクノシ"), 5, "commuter_suburb", 10),
    _of(48_211, ("月待崎市", "ツキマチザキシ"), 5, "ageing_town", 11),
    _of(48_212, ("白鷺原市", "シラサギハラシ"), 6, "national", 12),
    _of(48_213, ("碧水台市", "ヘキスイダイシ"), 5, "commuter_suburb", 13),
    _of(48_214, ("雁渡市", "カリワタシシ"), 5, "ageing_town", 14),
    _of(48_302, ("星見ヶ淵町", "ホシミガフチチョウ"), 4, "ageing_town", 15),
    _of(48_303, ("若苗町", "ワカナエチョウ"), 4, "national", 16),
    _of(48_304, ("灯守町", "ヒモリチョウ"), 4, "ageing_town", 17),
    _of(48_305, ("青垣内町", "アオガイトチョウ"), 4, "national", 18),
    _of(48_306, ("水鏡町", "ミズカガミチョウ"), 4, "ageing_town", 19),
    _of(48_307, ("風待浦町", "カザマチウラチョウ"), 4, "ageing_town", 20),
    _of(48_308, ("萌黄台町", "モエギダイチョウ"), 4, "commuter_suburb", 21),
    _of(48_309, ("鹿鳴原町", "カナキハラチョウ"), 4, "ageing_town", 22),
    _of(48_310, ("夕凪浜町", "ユウナギハマチョウ"), 4, "national", 23),
    _of(48_311, ("雪見沢町", "ユキミザワチョウ"), 4, "ageing_town", 24),
    _of(48_401, ("狐火村", "キツネビムラ"), 3, "ageing_town", 25),
    _of(48_402, ("霞谷戸村", "カスミヤトムラ"), 3, "ageing_town", 26),
    _of(48_403, ("樹氷村", "ジュヒョウムラ"), 3, "ageing_town", 27),
    _of(48_404, ("泡雪村", "アワユキムラ"), 3, "ageing_town", 28),
    _of(48_405, ("奥天原村", "オクアマハラムラ"), 3, "ageing_town", 29),
)
DEMO = MUNICIPALITIES[0]


def municipality(code: str) -> Municipality:
    """The municipality with the six-digit `code`.

    Raises:
        UnknownNameError: there is none; the message lists those that are.
    """
    known = {place.code: place for place in MUNICIPALITIES}
    if code not in known:
        raise UnknownNameError("municipality", code, known)
    return known[code]
