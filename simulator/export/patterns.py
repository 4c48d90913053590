"""Rows whose columns of few values agree, found once: a text made of those columns is made once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.schema import Table

_LIMIT = 1 << 62
_TEXTS = ("section", "office", "fields", "reason", "resident_municipality", "search_keys")


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
        key, bound = np.zeros(frame.height, dtype=np.uint64), 1
        for name in names:
            code, size = _codes(frame[name])
            if bound > _LIMIT // size:
                key = np.unique(key, return_inverse=True)[1].astype(np.uint64)
                bound = frame.height
            key, bound = key * np.uint64(size) + code, bound * size
        _, first, of = np.unique(key, return_index=True, return_inverse=True)
        found = frame.select(names)[first].with_columns(pl.col(pl.Enum).cast(pl.String))
        return cls(found, pl.Series("of", of.astype(np.uint32)))

    def replaced(self, frame: pl.DataFrame) -> "Patterns":
        """The same rows with other columns."""
        return Patterns(frame, self.of)


def _codes(column: pl.Series) -> tuple[npt.NDArray[np.uint64], int]:
    """A number for each value, null having one of its own, and how many there may be."""
    if column.dtype == pl.String:
        column = column.cast(pl.Categorical)
    codes = column.cast(pl.UInt32) if column.dtype == pl.Boolean else column.to_physical().cast(pl.UInt32)
    highest = codes.max()
    size = highest + 2 if isinstance(highest, int) else 1
    return codes.fill_null(size - 1).to_numpy().astype(np.uint64), size
