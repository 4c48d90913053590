"""What an exporter is, and the plain form of a table that leaves the house.

Everywhere: pseudonyms are 26 characters. In text formats: instants are ISO 8601 with milliseconds and +09:00, days are
ISO 8601, choices are their codes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from simulator import pseudonym, schema
from simulator.export import instants
from simulator.schema import Column, Table
from simulator.schema.types import JST_MS

_WIRE_INSTANT = "%Y-%m-%dT%H:%M:%S%.3f%:z"


Frames = Iterable[pl.DataFrame]


class Source(Protocol):
    """A run as exporters read it: part by part, so that memory holds one part."""

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The codes of the municipalities, in the order of their event_ids."""
        ...

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that leave, the log first."""
        ...

    def parts(self, table: Table) -> Iterator[pl.DataFrame]:
        """The rows of `table`, in order."""
        ...

    def events(self) -> Iterator[pl.DataFrame]:
        """The canonical events, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format.

    Attributes:
        name: by which it is asked for.
        title_ja, title_en: its titles.
        write: writes a run into an existing folder; the files, in order.
        read: reads such a folder back: table name → table. At least ``event`` and ``shown``.
        files: how single tables are kept, if each has a file of its own.
    """

    name: str
    title_ja: str
    title_en: str
    write: Callable[[Source, Path], list[Path]]
    read: Callable[[Path], dict[str, pl.DataFrame]]
    files: "TableFiles | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFiles:
    """A format that keeps each table in a file of its own, and so can hold any table.

    Attributes:
        suffix: of the files, with the dot.
        write: writes the parts of a table, in order, into a file; the parts share the table's columns.
        read: reads such a file back as the table.
    """

    suffix: str
    write: Callable[[Table, Frames, Path], None]
    read: Callable[[Table, Path], pl.DataFrame]

    def exporter(self, name: str, title_ja: str, title_en: str) -> Exporter:
        """The format of whole runs."""
        return Exporter(
            name=name, title_ja=title_ja, title_en=title_en, write=self._write, read=self._read, files=self
        )  # fmt: skip

    def _write(self, source: Source, folder: Path) -> list[Path]:
        paths = []
        for table in source.tables:
            paths.append(folder / f"{table.name}{self.suffix}")
            self.write(table, source.parts(table), paths[-1])
        return paths

    def _read(self, folder: Path) -> dict[str, pl.DataFrame]:
        paths = sorted(folder.glob(f"*{self.suffix}"))
        found = ((schema.table(path.name.removesuffix(self.suffix)), path) for path in paths)
        return {table.name: self.read(table, path) for table, path in found}


def with_texts(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every pseudonym as text."""
    return frame.with_columns(pseudonym.to_texts(frame[c.name]) for c in table if c.dtype == pl.Binary)


def without_texts(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every pseudonym of text as its 16 bytes again."""
    columns = (c.name for c in table if c.dtype == pl.Binary)
    return frame.with_columns(pseudonym.from_texts(frame[n].cast(pl.String)) for n in columns)


def to_codes(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with pseudonyms, instants and days as text; choices stay enumerated, which costs less than their text."""
    times = (instants.to_texts(frame[c.name]) for c in table if c.dtype == JST_MS)
    days = (pl.col(c.name).cast(pl.String) for c in table if c.dtype == pl.Date)
    return with_texts(table, frame).with_columns(*times, *days)


def to_plain(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as text formats hold it: pseudonyms, instants, days and choices as text."""
    return to_codes(table, frame).with_columns(pl.col(c.name).cast(pl.String) for c in table if c.choices)


def from_plain(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The table that `to_plain` made `frame` of."""
    shaped = without_texts(table, frame).with_columns(_typed(c) for c in table)
    return table.conform(shaped)


def plain_schema(table: Table) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The types of the columns of `to_plain`."""
    return {c.name: pl.String if _is_text(c) or c.dtype == pl.Binary else c.dtype for c in table}


def _is_text(column: Column) -> bool:
    return bool(column.choices) or column.dtype in (JST_MS, pl.Date)


def _typed(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    if column.dtype == JST_MS:
        return text.str.to_datetime(_WIRE_INSTANT, time_unit="ms", time_zone="UTC").dt.convert_time_zone("Asia/Tokyo")
    return text.str.to_date("%Y-%m-%d") if column.dtype == pl.Date else text.cast(column.dtype)
