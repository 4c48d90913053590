"""Nationalities of foreign residents and names of each, in Latin capitals with katakana."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from simulator.streams import Ints
from simulator.world.folding import fold_name
from simulator.world.surnames import NameList, name_list
from simulator.world.tables import table


@dataclass(frozen=True, slots=True)
class Nation:
    """A nationality.

    Attributes:
        code: two letters.
        people: residents of Japan at the end of 2024.
    """

    code: str
    people: int


# Source: domain.md 6.1 (end of 2024).
NATIONS = tuple(
    Nation(code, people)
    for code, people in (
        ("CN", 873_286), ("VN", 634_361), ("KR", 409_238), ("PH", 341_518), ("NP", 233_043), ("BR", 211_907),
        ("ID", 199_824), ("MM", 134_574), ("TW", 70_147), ("US", 66_111),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForeignNames:
    """Names of all nations in two lists.

    Attributes:
        family, given: the lists.
        family_first, family_count: where a nation's surnames lie, shape ``(n_nations,)``.
        given_first, given_count: where its given names lie, shape ``(n_nations, 2)``, men first.
    """

    family: NameList
    given: NameList
    family_first: Ints
    family_count: Ints
    given_first: Ints
    given_count: Ints


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(latin.replace("_", " "), kana.replace("_", "")) for latin, kana in (e.split("=") for e in text.split())]


@cache
def kanji_names() -> tuple[pl.Series, pl.Series]:
    """The kanji of each family and given name of `foreign_names`, null where none is recorded."""
    kanji = table("foreign_kanji")
    written: dict[str, dict[str, str]] = {
        part: {f"{code} {latin}": text for code, lists in kanji.items() for latin, text in _pairs(lists[part])}
        for part in ("family", "male", "female")
    }
    names, found = table("foreign_names"), dict[str, list[str | None]](family=[], given=[])
    for nation in NATIONS:
        for part, column in (("family", "family"), ("male", "given"), ("female", "given")):
            latins = [latin for latin, _ in _pairs(names[nation.code][part])]
            found[column] += [written[part].get(f"{nation.code} {latin}") for latin in latins]
    return pl.Series(found["family"], dtype=pl.String), pl.Series(found["given"], dtype=pl.String)


@cache
def kanji_keys() -> tuple[pl.Series, pl.Series]:
    """The folded forms of `kanji_names`."""
    family, given = (
        pl.Series([None if text is None else fold_name(text) for text in names], dtype=pl.String)
        for names in kanji_names()
    )
    return family, given


@cache
def foreign_names() -> ForeignNames:
    """The lists, read once."""
    names = table("foreign_names")
    families = [_pairs(names[nation.code]["family"]) for nation in NATIONS]
    givens = [_pairs(names[nation.code][sex]) for nation in NATIONS for sex in ("male", "female")]
    family_count, given_count = (np.array([len(part) for part in parts]) for parts in (families, givens))
    return ForeignNames(
        name_list([pair for part in families for pair in part]),
        name_list([pair for part in givens for pair in part]),
        np.cumsum(family_count) - family_count,
        family_count,
        (np.cumsum(given_count) - given_count).reshape(-1, 2),
        given_count.reshape(-1, 2),
    )
