"""The files of one municipality's part of a table: the one that was made first, then one for each growth of the run."""

from datetime import date
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.errors import MissingError


def part_name(code: str, grown: date | None = None) -> str:
    """The name of a file of the municipality `code`: the first one's, or that of what was added from a day on."""
    return f"{code}.parquet" if grown is None else f"{code}_{grown}.parquet"


def read_part(run: Path, folder: str, table: str, code: str) -> pl.DataFrame:
    """The rows of the municipality `code` in `table` of the run, in order.

    Raises:
        MissingError: there are none.
        DamagedError: a file does not decode.
    """
    first = run / folder / table / part_name(code)
    if not first.is_file():
        msg = f"{first} is missing"
        raise MissingError(msg)
    later = sorted(first.parent.glob(f"{code}_*.parquet"))
    return pl.concat([storage.read_parquet(path) for path in (first, *later)])
