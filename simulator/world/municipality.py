"""Fictional municipalities: prefecture numbers that Japan does not use, with the true check digit."""

from dataclasses import dataclass, field

from simulator.errors import UnknownNameError
from simulator.world.check_digits import municipality_check


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the simulated nation.

    Attributes:
        code: six digits; prefecture 48–99 (01–47 are Japan's), last digit the true check digit.
        name: in kanji, with 市 or 町.
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
