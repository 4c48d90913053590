"""Tables as Parquet files."""

import contextlib
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.errors import DamagedError, MissingError
from simulator.schema import Table
from simulator.storage.files import whole_file, write_bytes

ROW_GROUP = 131_072


def write_parquet(table: Table, frame: pl.DataFrame, path: Path) -> None:
    """Write `frame` as `table`: zstd level 1, statistics on the key only, the same bytes for the same rows."""
    write_parts(table, [frame], path)


def write_parts(table: Table, parts: Iterable[pl.DataFrame], path: Path) -> None:
    """Write `parts`, one after the other, as `write_parquet` would all of them; memory holds one and a row group."""
    with whole_file(path) as draft, _writer(table, draft) as write:
        kept, written = table.empty(), 0
        for part in parts:
            kept = pl.concat([kept, table.conform(part)])
            if whole := kept.height - kept.height % ROW_GROUP:
                write(kept[:whole])
                kept, written = kept[whole:], written + whole
        if kept.height or not written:
            write(kept)


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write `frame`, which no table describes, as it is.

    Raises:
        StorageError: the disk would not take it. Nothing is left behind.
    """
    content = io.BytesIO()  # polars tells of a full disk as of a damaged file
    frame.write_parquet(content)
    write_bytes(path, content.getvalue())


@contextlib.contextmanager
def parquet_pieces(table: Table, path: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Write `table` to `path` piece by piece, in flat memory; each piece becomes row groups of its own.

    Raises:
        StorageError: the disk would not take it. Nothing is left behind.
    """
    with whole_file(path) as draft, _writer(table, draft) as write:
        yield write


@contextlib.contextmanager
def _writer(table: Table, draft: Path) -> Iterator[Callable[[pl.DataFrame], None]]:
    options = {"compression": "zstd", "compression_level": 1, "write_statistics": list(table.key)}
    schema = table.arrow
    with pq.ParquetWriter(draft, schema, **options) as writer:

        def write(frame: pl.DataFrame) -> None:
            arrow = table.conform(frame).rechunk().to_arrow().cast(schema)
            writer.write_table(arrow, row_group_size=ROW_GROUP)

        yield write


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a Parquet file whole, or some of its columns.

    Raises:
        MissingError: there is no such file.
        DamagedError: it is not Parquet or does not decode.
    """
    if not path.exists():
        msg = f"{path} is missing"
        raise MissingError(msg)
    try:
        return pl.read_parquet(path, columns=None if columns is None else list(columns))
    except (pl.exceptions.PolarsError, OSError) as error:
        msg = f"{path} does not decode as Parquet: {error}"
        raise DamagedError(msg) from error


def parse_parquet(content: memoryview, name: str) -> pl.DataFrame:
    """Read the bytes of a Parquet file called `name` that is not on the disk.

    Raises:
        DamagedError: they do not decode.
    """
    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        msg = f"{name} does not decode as Parquet: {error}"
        raise DamagedError(msg) from error


def parquet_groups(path: Path) -> Iterator[pl.DataFrame]:
    """The row groups of a Parquet file, in order; memory holds one.

    Raises:
        MissingError: there is no such file.
        DamagedError: it is not Parquet or does not decode.
    """
    if not path.exists():
        msg = f"{path} is missing"
        raise MissingError(msg)
    try:
        with pq.ParquetFile(path) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        rows = pl.scan_parquet(path)
        for end, size in zip(itertools.accumulate(sizes), sizes, strict=True):
            yield rows.slice(end - size, size).collect()
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError) as error:
        msg = f"{path} does not decode as Parquet: {error}"
        raise DamagedError(msg) from error
