"""What goes wrong in names, addresses and dates."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from simulator.linkage.kana import one_of
from simulator.world.folding import VARIANTS, fold_name
from simulator.world.given_names import given_names
from simulator.world.surnames import surnames

# Characters that eyes and scanners confuse. ASSUMED: common pairs, no count of how often was found.
ASSUMED_LOOKALIKES = (
    "末未", "土士", "大太犬", "日目", "千干", "田由", "本木", "石右", "シツ", "ソン", "ロ口", "力カ", "二ニ", "工エ",
    "八ハ", "宇字", "郎朗", "拓柘", "薫董", "祐裕佑", "幸辛", "輝暉", "晃昇", "崇祟", "徹撤", "荻萩", "栗粟", "鳥島",
    "間問", "持待",
)  # fmt: skip
_ADDRESS = re.compile(
    r"(?P<town>.+?)(?:(?P<chome>[一二三四五六七八九])丁目)?(?P<block>\d+)番(?P<lot>\d+)号(?P<rest>.*)"
)
_NUMERALS = "〇一二三四五六七八九"
# First years of the eras. Source: 元号法 and the orders before it.
ERAS = (1868, 1912, 1926, 1989, 2019)
_FIRST_YEAR = 1900


def _groups(words: Iterable[str]) -> dict[str, str]:
    return {character: group.replace(character, "") for group in words for character in group}


@cache
def _variants() -> dict[str, str]:
    """The other forms of each character that has variants."""
    families: dict[str, str] = {}
    for variant, base in VARIANTS.items():
        families[base] = families.get(base, base) + variant
    return _groups(families.values())


_LOOKALIKES = _groups(ASSUMED_LOOKALIKES)


@cache
def _homophones() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Surnames and given names by their kana."""
    found: list[dict[str, list[str]]] = []
    for names in (surnames()[0].names, given_names().listed.names):
        by_kana: dict[str, list[str]] = {}
        for name, kana in names.select("name", "kana").iter_rows():
            by_kana.setdefault(kana, []).append(name)
        found.append(by_kana)
    return found[0], found[1]


def homophone(name: str, kana: str, draw: int, *, family: bool) -> str | None:
    """Another spelling of `kana`, as a kana-kanji converter may pick: 章子 → 晶子."""
    spellings, folded = _homophones()[0 if family else 1].get(kana, []), fold_name(name)
    return one_of([other for other in spellings if fold_name(other) != folded], draw) if name in spellings else None


def _exchanged(text: str, others: dict[str, str], draw: int) -> str | None:
    spots = [(i, other) for i, c in enumerate(text) for other in others.get(c, "")]
    return one_of([text[:i] + other + text[i + 1 :] for i, other in spots], draw)


def variant(text: str, draw: int) -> str | None:
    """`text` with one character in another form: 高橋 → 髙橋."""
    return _exchanged(text, _variants(), draw)


def lookalike(text: str, draw: int) -> str | None:
    """`text` with one character mistaken for one that looks like it: 幸子 → 辛子."""
    return _exchanged(text, _LOOKALIKES, draw)


def surname(draw: int) -> tuple[str, str]:
    """Some surname with its kana, by how frequent it is."""
    names, weights = surnames()
    row = int(weights.thresholds.searchsorted(draw >> 11, side="right"))
    return names.names["name"][row], names.names["kana"][row]


def notation(address: str, draw: int) -> str | None:
    """`address` in another notation: 桜町二丁目13番7号 → 桜町2-13-7, 桜町2丁目13-7, 桜町二丁目13番地7."""
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        return None
    town, chome, block, lot, rest = parts.group("town", "chome", "block", "lot", "rest")
    number = _NUMERALS.index(chome) if chome else None
    heads = [f"{town}{number}-", f"{town}{number}丁目", f"{town}{chome}丁目"] if chome else [town]
    tails = [f"{block}-{lot}{rest}", f"{block}番地{lot}{rest}", f"{block}番{lot}号{rest}", f"{block}の{lot}{rest}"]
    options = [head + tail for head in heads for tail in tails if not (head.endswith("-") and "番" in tail)]
    return one_of([option for option in options if option != address], draw)


def without_building(address: str, _draw: int) -> str | None:
    """`address` without building and room."""
    bare, space, _ = address.partition(" ")
    return bare if space else None


def _dates(parts: Iterable[tuple[int, int, int]], last: date) -> list[str]:
    found = []
    for year, month, day in parts:
        try:
            wrong = date(year, month, day)
        except ValueError:
            continue
        if wrong <= last and year >= _FIRST_YEAR:
            found.append(wrong.isoformat())
    return found


def transposed(day: str, last: date, draw: int) -> str | None:
    """The date `day` with month and day, or two neighbouring digits, exchanged; a date that exists, up to `last`."""
    was = date.fromisoformat(day)
    swapped = was.year // 100 * 100 + was.year % 10 * 10 + was.year // 10 % 10
    turned = was.day % 10 * 10 + was.day // 10
    options = _dates(
        [(was.year, was.day, was.month), (swapped, was.month, was.day), (was.year, was.month, turned)], last
    )
    return one_of([option for option in options if option != day], draw)


def other_era(day: str, last: date, draw: int) -> str | None:
    """The date `day` with the year counted in another era: 昭和5年 (1930) → 平成5年 (1993)."""
    was = date.fromisoformat(day)
    start = max(era for era in ERAS if era <= was.year)
    years = [era + was.year - start for era in ERAS if era != start]
    return one_of(_dates([(year, was.month, was.day) for year in years], last), draw)
