"""Tables to be judged: one of a run by name, or a file that an export or another tool wrote."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.dataset import Dataset
from simulator.errors import DamagedError, MissingError, UsageError

READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": lambda path: pl.read_csv(path, infer_schema_length=None),
    ".jsonl": pl.read_ndjson,
    ".parquet": storage.read_parquet,
}


def read_table(path: Path, table: str | None = None) -> pl.DataFrame:
    """The `table` of the run at `path`, or the file `path` (.csv, .jsonl, .parquet).

    Raises:
        MissingError: there is no such file or run.
        UsageError: a run without a table's name, or a file of another kind.
        DamagedError: the file does not decode.
    """
    if path.is_dir():
        if table is None:
            msg = f"{path} is a folder: name the table with --table, for example --table attribute"
            raise UsageError(msg)
        return Dataset.open(path).table(table)
    if not path.is_file():
        msg = f"there is no file {path}"
        raise MissingError(msg)
    if path.suffix not in READERS:
        msg = f"{path} is none of {', '.join(READERS)}"
        raise UsageError(msg)
    try:
        return READERS[path.suffix](path)
    except pl.exceptions.PolarsError as error:
        msg = f"{path} does not decode: {str(error).splitlines()[0]}"
        raise DamagedError(msg) from error
