"""A SQLite database filled piece by piece, in flat memory: many tables, one transaction, indexes last."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from simulator.schema import Table
from simulator.storage.ingest import bulk
from simulator.storage.layout import Layout
from simulator.storage.sqlite import create_schema, finish, new_database, plain

# A half-made file never bears its name (`new_database`), so it needs no journal and no flush before the last.
_BULK = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536")


@contextlib.contextmanager
def database_pieces(
    path: Path, tables: Sequence[Table], indexes: Mapping[str, Sequence[tuple[str, ...]]]
) -> Iterator[Callable[[Table, pl.DataFrame], None]]:
    """Make the database `path` with `tables`; call what it gives with each piece of a table, in the order of its key.

    Args:
        path: of the file; it appears when it is whole.
        tables: what it holds.
        indexes: table name → groups of columns, made when all rows are in.

    Raises:
        ExistsError: `path` is already there, or another process is making it.
        StorageError: the disk would not take it. Nothing is left behind.
    """
    layout = Layout({table: table.empty() for table in tables}, indexes)
    with new_database(path, replace=False) as draft:
        create_schema(draft, layout)
        with bulk(draft, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in _BULK:
                cursor.execute(statement)
                cursor.fetchall()

            def write(table: Table, frame: pl.DataFrame) -> None:
                cursor.adbc_ingest(table.name, plain(table, frame).to_arrow(), mode="append")

            yield write
        finish(draft, layout)
