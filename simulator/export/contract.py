"""What an exporter is, and the plain form of a table that leaves the house.

Everywhere: pseudonyms are 26 characters. In text formats: instants are ISO 8601 with milliseconds and +09:00, days are
ISO 8601, choices are their codes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulator import pseudonym
from simulator.schema import Column, Table
from simulator.schema.types import JST_MS

INSTANT = "%Y-%m-%dT%H:%M:%S%.3f+09:00"
_WIRE_INSTANT = "%Y-%m-%dT%H:%M:%S%.3f%:z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format.

    Attributes:
        name: by which it is asked for.
        suffix: of its files, with the dot.
        title_ja, title_en: its titles.
        write: writes the parts of a table, in order, into a file; the parts share the table's columns.
        read: reads such a file back as the table.
    """

    name: str
    suffix: str
    title_ja: str
    title_en: str
    write: Callable[[Table, Iterable[pl.DataFrame], Path], None]
    read: Callable[[Table, Path], pl.DataFrame]


def with_texts(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every pseudonym as text."""
    return frame.with_columns(pseudonym.to_texts(frame[c.name]) for c in table if c.dtype == pl.Binary)


def without_texts(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every pseudonym of text as its 16 bytes again."""
    columns = (c.name for c in table if c.dtype == pl.Binary)
    return frame.with_columns(pseudonym.from_texts(frame[n].cast(pl.String)) for n in columns)


def to_plain(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as text formats hold it: pseudonyms, instants, days and choices as text."""
    return with_texts(table, frame).with_columns(_plain(c) for c in table if _is_text(c))


def from_plain(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The table that `to_plain` made `frame` of."""
    shaped = without_texts(table, frame).with_columns(_typed(c) for c in table)
    return table.conform(shaped)


def plain_schema(table: Table) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The types of the columns of `to_plain`."""
    return {c.name: pl.String if _is_text(c) or c.dtype == pl.Binary else c.dtype for c in table}


def _is_text(column: Column) -> bool:
    return bool(column.choices) or column.dtype in (JST_MS, pl.Date)


def _plain(column: Column) -> pl.Expr:
    if column.dtype == JST_MS:
        return pl.col(column.name).dt.strftime(INSTANT)
    return pl.col(column.name).cast(pl.String)


def _typed(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    if column.dtype == JST_MS:
        return text.str.to_datetime(_WIRE_INSTANT, time_unit="ms", time_zone="UTC").dt.convert_time_zone("Asia/Tokyo")
    return text.str.to_date("%Y-%m-%d") if column.dtype == pl.Date else text.cast(column.dtype)
