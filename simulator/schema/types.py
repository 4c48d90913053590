"""What a column and a table are. DDL, Parquet schema, documents and redaction all follow from these."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl
import pyarrow as pa

from simulator.errors import UnknownNameError

JST_MS = pl.Datetime("ms", "Asia/Tokyo")
"""An instant. Asia/Tokyo has been +09:00 without summer time since 1952; every instant of ours is later."""


class Privacy(StrEnum):
    """What a column could tell about a living person, were the data real."""

    PLAIN = "plain"  # about work, time or places of work
    PSEUDONYM = "pseudonym"  # keyed token, of no meaning without the key
    COARSE = "coarse"  # about a person, but shared by many
    PERSONAL = "personal"  # name, address, birth date, family
    IDENTIFIER = "identifier"  # resident code, My Number, card number
    TRUTH = "truth"  # the answer key; never in the public half of a run


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its polars type, its title in Japanese and what it means in English."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    ja: str
    meaning: str
    privacy: Privacy = Privacy.PLAIN
    nullable: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of an enumerated column, in order; empty for any other."""
        return tuple(self.dtype.categories) if isinstance(self.dtype, pl.Enum) else ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order and the columns that identify a row."""

    name: str
    ja: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        """The columns, in order."""
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        """The column called `name`.

        Raises:
            UnknownNameError: the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError("column", name, self.names, self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def polars(self) -> dict[str, Any]:
        """The schema for ``pl.DataFrame(schema=…)``."""
        return {column.name: column.dtype for column in self.columns}

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with nullability."""
        plain: pa.Schema = pl.DataFrame(schema=self.polars).to_arrow().schema
        fields = [plain.field(i).with_nullable(c.nullable) for i, c in enumerate(self.columns)]
        return pa.schema(fields)

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.polars)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with exactly this table's columns, in order and of their types.

        Raises:
            ValueError: a column is missing, does not convert, or holds nulls that it may not.
        """
        missing = [name for name in self.names if name not in frame.columns]
        if missing:
            msg = f"table {self.name} lacks {', '.join(missing)}"
            raise ValueError(msg)
        shaped = frame.select(pl.col(c.name).cast(c.dtype) for c in self.columns)
        holes = [c.name for c in self.columns if not c.nullable and shaped[c.name].null_count()]
        if holes:
            msg = f"table {self.name} has nulls in {', '.join(holes)}"
            raise ValueError(msg)
        return shaped
