"""Character sets of receiving systems: what they cannot hold is replaced, and every replacement is reported."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from simulator.errors import UnknownNameError
from simulator.world.folding import VARIANTS

GETA = "〓"
"""Stands for a character that the set has no likeness of, as printers have set it."""
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
# Twins of one sign, of which Windows' Shift_JIS has the other. Source: Unicode, JIS0208.TXT against CP932.TXT.
_TWINS = {"〜": "～", "−": "－", "‖": "∥", "—": "―", "¢": "￠", "£": "￡", "¬": "￢"}
_KANJI_BASE = (
    range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x2A6E0),
    range(0x2A700, 0x2EBE1), range(0x2F800, 0x2FA20),
)  # fmt: skip
_KANJI_LATER = (range(0x2EBF0, 0x2EE5E), range(0x30000, 0x323B0))


def _codec(name: str) -> Callable[[str], bool]:
    def holds(character: str) -> bool:
        try:
            return character.encode(name).decode(name) == character
        except UnicodeError:
            return False

    return holds


def _kanji(ranges: tuple[range, ...]) -> Callable[[str], bool]:
    other = _codec("euc_jis_2004")

    def holds(character: str) -> bool:
        return other(character) or any(ord(character) in block for block in ranges)

    return holds


# ASSUMED_MJ: the tables of the 文字情報基盤 (MJ) and of the 行政事務標準文字 (MJ+) are not at hand here. Taken for MJ:
# JIS X 0213 and every CJK ideograph up to Extension F, with variation selectors; for MJ+: the later extensions as well.
SETS: dict[str, tuple[Callable[[str], bool], bool]] = {
    "mj-plus": (_kanji((*_KANJI_BASE, *_KANJI_LATER)), True),
    "mj": (_kanji(_KANJI_BASE), True),
    "x0213": (_codec("euc_jis_2004"), False),
    "cp932": (_codec("cp932"), False),
}
"""Whether a character is in the set, and whether variation selectors may follow it."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A character that did not fit.

    Attributes:
        character: as it was.
        instead: what stands there now; empty where it was left out.
        column: where, as ``table.column``.
        rows: in how many rows.
    """

    character: str
    instead: str
    column: str
    rows: int

    def words(self) -> str:
        """For a sentence."""
        shown = f"U+{ord(self.character):04X}" if is_selector(self.character) else self.character
        return f"{shown}→{self.instead or 'nothing'} {self.column} ({self.rows:,} rows)"

    def row(self) -> dict[str, str | int]:
        """For the report."""
        shown = "" if is_selector(self.character) else self.character
        return {
            "column": self.column, "code_point": f"U+{ord(self.character):04X}", "character": shown,
            "instead": self.instead, "rows": self.rows,
        }  # fmt: skip


def is_selector(character: str) -> bool:
    """Whether it chooses a form of the character before it."""
    return any(ord(character) in block for block in _SELECTORS)


def check_set(name: str) -> None:
    """Raise UnknownNameError unless there is a set called `name`."""
    if name not in SETS:
        raise UnknownNameError("character set", name, SETS)


@cache
def replacement(character: str, name: str, *, selectors: bool) -> str:
    """What the set `name` has for `character`: itself, a variant, a simpler form, nothing for a selector, or ``〓``."""
    holds, chooses = SETS[name]
    if is_selector(character):
        return character if chooses and selectors else ""
    return next((form for form in _forms(character) if form and all(map(holds, form))), GETA)


def _forms(character: str) -> Iterator[str]:
    yield character
    yield _TWINS.get(character, "")
    yield VARIANTS.get(character, "")
    yield unicodedata.normalize("NFKC", character)
    yield "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))


def convert(frame: pl.DataFrame, table: str, name: str, *, selectors: bool) -> tuple[pl.DataFrame, list[Replaced]]:
    """`frame` with only what the set `name` holds, and what was replaced, by column.

    Args:
        frame: rows of a table.
        table: its name, for the report.
        name: a key of `SETS`.
        selectors: whether variation selectors (IVS) stay where the set has them.
    """
    changed, told = [], []
    for column in (c for c in frame.columns if frame[c].dtype == pl.String):
        strange = _strange(frame[column], name, selectors=selectors)
        if strange:
            held = frame.select(pl.col(column).str.contains(c, literal=True).sum().alias(c) for c in strange).row(0)
            told += [
                Replaced(c, instead, f"{table}.{column}", int(rows))
                for (c, instead), rows in zip(strange.items(), held, strict=True)
            ]
            changed.append(pl.col(column).str.replace_many(list(strange), list(strange.values())))
    return frame.with_columns(changed), told


def _strange(texts: pl.Series, name: str, *, selectors: bool) -> dict[str, str]:
    used = set("".join(texts.unique().drop_nulls().to_list()))
    found = {c: replacement(c, name, selectors=selectors) for c in sorted(used)}
    return {c: instead for c, instead in found.items() if instead != c}
