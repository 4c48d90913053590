"""Rows whose columns of few values agree, found once: a text made of those columns is made once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from simulator.schema import Table

_TEXTS = ("section", "office", "fields", "reason", "resident_municipality", "search_keys")
_PLACES = "places of rows"


def few(table: Table) -> tuple[str, ...]:
    """The columns of `table` that take few values: choices, Booleans, and codes of offices and rules."""
    return tuple(c.name for c in table if c.choices or c.dtype == pl.Boolean or c.name in _TEXTS)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The columns of few values of a frame, each combination that occurs once.

    Attributes:
        frame: one row per combination; choices are text.
        of: for each row of the frame, which row of `frame` it has.
    """

    frame: pl.DataFrame
    of: pl.Series

    @classmethod
    def none(cls, rows: int) -> Self:
        """No column of few values in `rows` rows."""
        return cls(pl.DataFrame(height=1), pl.zeros(rows, dtype=pl.UInt32, eager=True))

    @classmethod
    def find(cls, frame: pl.DataFrame, columns: Iterable[str]) -> Self:
        """The combinations of `columns` in `frame`: choices, Booleans or texts."""
        names = list(columns)
        if not names:
            return cls.none(frame.height)
        found = frame.select(names).with_row_index(_PLACES).group_by(names, maintain_order=True).agg(_PLACES)
        places, of = found[_PLACES], np.empty(frame.height, dtype=np.uint32)
        of[places.explode(empty_as_null=False).to_numpy()] = np.repeat(np.arange(len(places)), places.list.len())
        return cls(found.drop(_PLACES).with_columns(pl.col(pl.Enum).cast(pl.String)), pl.Series("of", of))

    def replaced(self, frame: pl.DataFrame) -> "Patterns":
        """The same rows with other columns."""
        return Patterns(frame, self.of)
