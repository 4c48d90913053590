"""Columns from arrays, without the fixed cost of an expression: a block has some hundred small ones."""

from functools import cache

import numpy as np
import polars as pl
import pyarrow as pa

from simulator.population.pool import Bools
from simulator.streams import Ints


@cache
def terms(kind: pl.Enum) -> pl.Series:
    """The terms of `kind`, to be taken by number: ``terms(SEX)[numbers]``."""
    return pl.Series(kind.categories, dtype=kind)


def dates(days: Ints) -> pl.Series:
    """Dates of epoch days."""
    return pl.Series(days.astype("datetime64[D]"))


def dates_or_none(days: Ints) -> pl.Series:
    """Dates of epoch days; null where −1 stands for none."""
    return pl.Series(np.where(days == -1, np.datetime64("NaT", "D"), days.astype("datetime64[D]")))


def numbers(values: Ints, keep: Bools, kind: str = "uint32") -> pl.Series:
    """Whole numbers of the NumPy type `kind`; null but for `keep`."""
    return pl.Series(pl.from_arrow(pa.array(values.astype(kind), mask=~keep)))


def texts(listed: pl.Series, rows: Ints, keep: Bools) -> pl.Series:
    """The texts of `listed` in `rows`; null but for `keep`."""
    with_null = pl.concat([listed, pl.Series(listed.name, [None], dtype=listed.dtype)], rechunk=False)
    return with_null[np.where(keep, rows, len(listed))]
