"""What is to be written: tables with their rows, and how wide their columns may be, in the unit of the receiver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from simulator.errors import CheckError
from simulator.schema import Table
from simulator.storage import Reference

UNITS = ("chars", "utf16", "bytes")
_ROOM = (1, 2, 4, 8, 12, 16, 20, 40, 60, 80, 120, 160, 240, 400, 800, 1_600, 4_000)


class Limit(NamedTuple):
    """How wide a column may be, and how a fixed-width file fills it."""

    width: int
    unit: str
    pad: str = " "
    left: bool = False  # whether it is filled on the left


@dataclass(frozen=True, slots=True)
class Sheets:
    """Tables to be written.

    Attributes:
        tables: with their rows, in the order of loading.
        references: foreign keys.
        limits: by table and column, where a field map states them.
    """

    tables: Mapping[Table, pl.DataFrame]
    references: tuple[Reference, ...] = ()
    limits: Mapping[tuple[str, str], Limit] = field(default_factory=dict)


class Width(NamedTuple):
    """The widest value of a column: in code points, UTF-16 units, and bytes of the encoding."""

    table: str
    column: str
    code_points: int
    utf16_units: int
    bytes: int


def text(column: str) -> pl.Expr:
    """A column as text: days as ISO 8601, flags as 1 and 0; null stays null."""
    return pl.col(column).cast(pl.String)


def texts(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns of `frame` as text."""
    flags = [pl.col(c.name).cast(pl.Int8) for c in table if c.dtype == pl.Boolean]
    return frame.with_columns(flags).select(text(name) for name in table.names)


def length(column: str, unit: str, encoding: str) -> pl.Expr:
    """How long each text is, in `unit`."""
    points = pl.col(column).str.len_chars()
    wide = pl.col(column).str.count_matches(r"[\x{10000}-\x{10FFFF}]")
    if unit == "chars":
        return points
    if unit == "utf16":
        return points + wide
    if encoding == "cp932":
        return 2 * points - pl.col(column).str.count_matches(r"[\x00-\x7F\x{FF61}-\x{FF9F}]")
    return 2 * (points + wide) if encoding == "utf-16-le" else pl.col(column).str.len_bytes()


def widths(sheets: Sheets, encoding: str) -> list[Width]:
    """The widest value of every column of text."""
    found = []
    for table, frame in sheets.tables.items():
        plain = texts(table, frame)
        for column in (c.name for c in table if c.dtype == pl.String or c.choices):
            row = plain.select(length(column, unit, encoding).max().fill_null(0).alias(unit) for unit in UNITS).row(0)
            found.append(Width(table.name, column, *map(int, row)))
    return found


def check_limits(sheets: Sheets, encoding: str) -> None:
    """Raise CheckError if a value is wider than its column may be; every such column is named."""
    told = list(_too_wide(sheets, encoding))
    if told:
        raise CheckError("nothing was written: " + "; ".join(told))


def _too_wide(sheets: Sheets, encoding: str) -> Iterable[str]:
    for table, frame in sheets.tables.items():
        plain = texts(table, frame)
        for column in table.names:
            limit = sheets.limits.get((table.name, column))
            if limit is None:
                continue
            long = plain.select(length(column, limit.unit, encoding).alias("n")).with_row_index("row")
            over = long.filter(pl.col("n") > limit.width)
            if over.height:
                most, first = over.select(pl.col("n").max(), pl.col("row").min() + 1).row(0)
                yield (
                    f"{table.name}.{column} holds {limit.width} {limit.unit}, but {over.height:,} values need up to "
                    f"{most} (first in row {first})"
                )


def room(needed: int) -> int:
    """A round width that has room for `needed`."""
    return next((width for width in _ROOM if width >= needed), needed)
