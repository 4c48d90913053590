"""What a database is made of, whichever engine holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from simulator.schema import Column, Table


class Reference(NamedTuple):
    """A foreign key of one column."""

    table: str
    column: str
    other_table: str
    other_column: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Tables with their rows and what belongs to them.

    Attributes:
        tables: in the order of loading. A column of lists of integers is an inverted index: its table finds rows by
            the numbers in it, and holds nothing else but its key.
        indexes: table name → groups of columns.
        references: foreign keys; a table may refer to a later one.
        after: statements in the SQL of the engine, carried out last, such as fences.
    """

    tables: Mapping[Table, pl.DataFrame]
    indexes: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    references: Sequence[Reference] = ()
    after: Sequence[str] = ()


def inverted(table: Table) -> Column | None:
    """The column of lists of `table`, if it is an inverted index."""
    return next((column for column in table if isinstance(column.dtype, pl.List)), None)
