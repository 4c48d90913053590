"""What searching needs beside the register itself: keys of surnames, and from when to when each record is live."""

from collections.abc import Callable, Sequence
from typing import Protocol

import polars as pl

from simulator.clock import Window
from simulator.registry.query import Fold, Query
from simulator.schema import Column, Privacy, Table
from simulator.world.folding import fold_address, fold_kana, fold_name
from simulator.world.municipality import Municipality

LOOKUP = Table(
    "lookup",
    "検索用",
    "Precomputed keys and validity of each resident's record.",
    ("resident_no",),
    (
        Column("resident_no", pl.UInt32, "住民行番号", "The resident."),
        Column("family_kana_key", pl.String, "氏カナ検索キー", "Folded kana surname.", Privacy.PERSONAL),
        Column("family_name_key", pl.String, "氏検索キー", "Folded surname.", Privacy.PERSONAL),
        Column("entered_on", pl.Date, "記載日", "First day the register has the person.", Privacy.PERSONAL),
        Column("left_on", pl.Date, "消除日", "Day the record was removed.", Privacy.PERSONAL, nullable=True),
    ),
)
FOLDS: dict[str, Callable[[str], str]] = {
    "kana": fold_kana,
    "name": fold_name,
    "address": fold_address,
    "plain": str.strip,
}


def key_texts(query: Query, match: str, texts: Sequence[str]) -> list[str]:
    """What was typed for the keys of `query`, in the form of their columns; the first may be a part of an address."""
    kept = [FOLDS[key.fold](text) for key, text in zip(query.keys, texts, strict=True)]
    if query.keys[0].fold is Fold.ADDRESS and query.match(match) != "exact":
        kept[0] = fold_address(texts[0], begun=True)
    return kept


class Register(Protocol):
    """The tables that a registry is made of, such as a population's."""

    @property
    def municipality(self) -> Municipality:
        """Whose register it is."""
        ...

    @property
    def window(self) -> Window:
        """The days that it covers."""
        ...

    @property
    def residents(self) -> pl.DataFrame:
        """Table ``resident``; row number = resident_no."""
        ...

    @property
    def households(self) -> pl.DataFrame:
        """Table ``household``."""
        ...

    @property
    def addresses(self) -> pl.DataFrame:
        """Table ``address``."""
        ...

    @property
    def changes(self) -> pl.DataFrame:
        """Table ``change``."""
        ...

    @property
    def protections(self) -> pl.DataFrame:
        """Table ``protection``."""
        ...


def lookup(register: Register) -> pl.DataFrame:
    """The table ``lookup`` of `register`, by resident_no.

    A record enters and leaves the register when the office has been told, but not before it happened; a removal that
    was cancelled is none.
    """
    known_on = pl.max_horizontal("happened_on", "notified_on")
    moves = register.changes.filter(pl.col("household_from").is_null() | pl.col("household_to").is_null())
    last = moves.sort("change_no").with_columns(known_on=known_on).group_by("resident_no").last()
    entries = moves.filter(pl.col("household_from").is_null() & (pl.col("reason") != "転出取消"))
    first = entries.with_columns(known_on=known_on).sort("change_no").group_by("resident_no").first()
    left = last.filter(pl.col("household_to").is_null()).select("resident_no", left_on="known_on")
    return (
        register.residents.sort("resident_no")
        .join(first.select("resident_no", entered="known_on"), on="resident_no", how="left", maintain_order="left")
        .join(left, on="resident_no", how="left", maintain_order="left")
        .select(
            "resident_no",
            _folded("family_kana", fold_kana).alias("family_kana_key"),
            _folded("family_name", fold_name).alias("family_name_key"),
            pl.coalesce("entered", "resident_since").alias("entered_on"),
            "left_on",
        )
    )


def _folded(column: str, fold: Callable[[str], str]) -> pl.Expr:
    def each(names: pl.Series) -> pl.Series:
        unique = names.unique()
        return names.replace_strict(unique, [fold(name) for name in unique], return_dtype=pl.String)

    return pl.col(column).map_batches(each, return_dtype=pl.String)
