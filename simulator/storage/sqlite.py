"""SQLite: databases made in bulk, and statements on them with errors of ours."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from simulator.errors import DamagedError, ExistsError, MissingError, StorageError
from simulator.schema import Column, Table
from simulator.storage.connection import Dialect
from simulator.storage.files import whole_file
from simulator.storage.folders import alone
from simulator.storage.ingest import REFUSALS, bulk
from simulator.storage.layout import Layout, inverted

if TYPE_CHECKING:
    import sqlite_utils

APPLICATION = 0x4A554B49
"""``JUKI``: marks a database as ours (PRAGMA application_id)."""
_HEADER_BYTES, _APPLICATION = 100, slice(68, 72)  # Source: sqlite.org/fileformat2.html, the database header
# An inverted index: which rows have a number. It keeps no text and no places of the numbers.
_INVERTED = (
    "CREATE VIRTUAL TABLE {table} USING "
    "fts5({column}, tokenize = 'ascii', content = '', detail = 'none', columnsize = 0)"
)
_SQLITE_TYPES = {pl.Boolean: "INTEGER", pl.Binary: "BLOB", pl.Float64: "REAL"}


def open_database(path: Path, *, read_only: bool = True, threads: bool = False) -> "sqlite_utils.Database":
    """Open an existing SQLite database by sqlite-utils; with `threads` it may pass from thread to thread.

    Raises:
        MissingError: there is no such file.
        StorageError: it cannot be opened.
    """
    if not path.exists():
        msg = f"{path} is missing"
        raise MissingError(msg)
    mode = "ro" if read_only else "rw"
    try:
        connection = sqlite3.connect(f"file:{path}?mode={mode}", uri=True, check_same_thread=not threads)
    except sqlite3.Error as error:
        msg = f"{path} cannot be opened: {error}"
        raise StorageError(msg) from error
    return _wrapped(connection)


def _wrapped(*where: Any, **how: Any) -> "sqlite_utils.Database":
    import sqlite_utils  # noqa: PLC0415 - slow to load: it takes pandas along where that is installed

    return sqlite_utils.Database(*where, **how)


class SqliteConnection:
    """An open SQLite database."""

    dialect: Dialect = "sqlite"

    def __init__(self, database: "sqlite_utils.Database", path: Path) -> None:
        """Hold the open `database` of the file `path`."""
        self._database, self._path = database, path
        self._columns: dict[str, list[str]] = {}

    def select(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows that `sql` with the parameters `values` gives.

        Raises:
            DamagedError: the file is damaged or no database.
            StorageError: it is locked, or the disk would not do it.
        """
        try:
            cursor = self._database.conn.execute(sql, {name: _plain(value) for name, value in values.items()})
            names = self._columns.get(sql)
            if names is None:
                names = self._columns[sql] = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def column(self, sql: str) -> list[Any]:
        """The first value of each row that `sql` gives.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        try:
            return [row[0] for row in self._database.conn.execute(sql)]
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def execute(self, sql: str, rows: Iterable[Mapping[str, Any]] = ({},)) -> None:
        """Carry out `sql` once for each of `rows`, its parameters.

        Raises:
            DamagedError: the file is damaged, or a constraint or trigger forbids it.
            StorageError: it is locked, or the disk would not do it.
        """
        execute = self._database.conn.execute
        try:
            for values in rows:
                execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """One write at a time, whole or not at all: the lock is taken at once.

        Raises:
            DamagedError: the file is damaged or no database.
            StorageError: it is locked, read-only, or the disk would not do it.
        """
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._database.conn.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _told(self, error: sqlite3.DatabaseError) -> StorageError | DamagedError:
        """What `error` is called here."""
        if isinstance(error, sqlite3.OperationalError):
            return StorageError(f"{self._path}: {error}")
        return DamagedError(f"{self._path} is damaged: {error}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def connect(path: Path, *, read_only: bool = True, threads: bool = False) -> SqliteConnection:
    """Open an existing SQLite database for statements; what is written is forced to disk.

    Raises:
        MissingError: there is no such file.
        StorageError: it cannot be opened.
    """
    database = open_database(path, read_only=read_only, threads=threads)
    database.conn.isolation_level = None
    if not read_only:
        database.conn.execute("PRAGMA synchronous = FULL")
    return SqliteConnection(database, path)


def connect_still(path: Path) -> SqliteConnection:
    """Open a SQLite database that nobody changes while it is open, for reading: it is locked once, not each time.

    The connection may pass from thread to thread.

    Raises:
        MissingError: there is no such file.
        StorageError: it cannot be opened, or somebody is changing it.
        DamagedError: it is no database.
    """
    opened = connect(path, threads=True)
    try:
        opened.execute("BEGIN")
        opened.select("SELECT count(*) AS tables FROM sqlite_schema", {})
    except BaseException:
        opened.close()
        raise
    return opened


def connect_journal(path: Path, *, read_only: bool = False) -> SqliteConnection:
    """Open an existing SQLite database that only grows: write-ahead log, every commit forced to disk before it returns.

    One process writes; any number may read meanwhile. The connection may pass from thread to thread.

    Raises:
        MissingError: there is no such file.
        StorageError: it cannot be opened.
        DamagedError: it is no database.
    """
    opened = connect(path, read_only=read_only, threads=True)
    if not read_only:
        opened.execute("PRAGMA journal_mode = WAL")
    return opened


def create_database(
    path: Path, layout: Layout, *, replace: bool = False, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Make a SQLite database: schema, bulk rows by ADBC, then indexes; the same bytes for the same rows.

    Args:
        path: of the file; it appears when it is whole.
        layout: what it holds.
        replace: whether a database that we made may be there and goes.
        progress: called at the start of each table and of the indexes, with its name.

    Raises:
        ExistsError: `path` is already there, and is not ours or not to be replaced; or another process is making it.
        StorageError: the disk would not take it.
    """
    with new_database(path, replace=replace) as draft:
        create_schema(draft, layout)
        for table, frame in layout.tables.items():
            progress(table.name)
            _ingest(draft, table, frame)
        progress("indexes")
        finish(draft, layout)


@contextlib.contextmanager
def new_database(path: Path, *, replace: bool) -> Iterator[Path]:
    """Give the path of a database to be made, which becomes `path` when it is whole.

    Raises:
        ExistsError: `path` is already there, and is not ours or not to be replaced; or another process is making it.
        StorageError: the disk would not take it. Nothing is left behind.
    """
    with alone(path):
        check_free(path, replace=replace)
        with whole_file(path) as draft:
            _sweep(draft)
            try:
                yield draft
            except BaseException:
                _sweep(draft)
                raise


def _sweep(draft: Path) -> None:
    """Remove what a killed process left: its journal would be played into the new file."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def check_free(path: Path, *, replace: bool) -> None:
    """Raise ExistsError if `path` is there, unless `replace` and it is a database that we made."""
    if not path.exists():
        return
    if not replace:
        msg = f"{path} already exists; --replace makes it anew if jukisim made it"
        raise ExistsError(msg)
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if head[_APPLICATION] != APPLICATION.to_bytes(4, "big"):
        msg = f"{path} is not a database of ours; it is not replaced"
        raise ExistsError(msg)


def create_schema(path: Path, layout: Layout) -> None:
    """Make the tables of `layout`, empty, in the file `path`."""
    database = _wrapped(path)
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    for table in layout.tables:
        if inverted(table):
            database.execute(_INVERTED.format(table=table.name, column=_numbers(table)))
            continue
        columns = {c.name: _sqlite_type(c) for c in table}
        required = {c.name for c in table if not c.nullable}
        key = table.key[0] if len(table.key) == 1 else table.key or None
        database.table(table.name).create(columns, pk=key, not_null=required)
    database.add_foreign_keys(layout.references)
    database.close()


def _numbers(table: Table) -> str:
    return next(column.name for column in table if column.name not in table.key)


def _sqlite_type(column: Column) -> str:
    dtype = column.dtype if isinstance(column.dtype, type) else type(column.dtype)
    return _SQLITE_TYPES.get(dtype) or ("INTEGER" if column.dtype.is_integer() else "TEXT")


def plain(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as `table`, with choices and days as the texts that SQLite keeps."""
    texts = [pl.col(c.name).cast(pl.String) for c in table if c.choices or c.dtype == pl.Date]
    return table.conform(frame).with_columns(texts)


def _ingest(path: Path, table: Table, frame: pl.DataFrame) -> None:
    rows = plain(table, frame)
    if inverted(table):
        numbers = pl.col(_numbers(table)).cast(pl.List(pl.String)).list.join(" ")
        rows = rows.select(pl.col(table.key[0]).cast(pl.Int64).alias("rowid"), numbers)
    with bulk(path) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest(table.name, rows.to_arrow(), mode="append")
        connection.commit()


def finish(path: Path, layout: Layout) -> None:
    """Make the indexes of `layout` and what comes after them."""
    database = _wrapped(path)
    database.execute("PRAGMA cache_size = -65536")  # KiB: a sort that fits is done in memory
    for name, groups in layout.indexes.items():
        for columns in groups:
            database.table(name).create_index(list(columns))
    for table in layout.tables:
        if inverted(table):
            database.execute(f"INSERT INTO {table.name}({table.name}) VALUES ('optimize')")  # noqa: S608 - our own name
    for statement in layout.after:
        database.execute(statement)
    database.conn.commit()
    database.close()


@contextlib.contextmanager
def scratch(table: Table, rows: pl.DataFrame) -> Iterator[SqliteConnection]:
    """A database of one `table` in memory, gone afterwards, which knows ``REGEXP``.

    Raises:
        StorageError: the rows do not fit the table.
    """
    database = _wrapped(memory=True)
    try:
        database.conn.create_function("REGEXP", 2, _matches, deterministic=True)
        database.table(table.name).create({c.name: _sqlite_type(c) for c in table}, pk=table.key[0])
        places = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608 - our own name
        database.conn.executemany(statement, table.conform(rows).iter_rows())
        yield SqliteConnection(database, Path(":memory:"))
    finally:
        database.close()


def _matches(pattern: str, text: str | None) -> bool:
    return text is not None and re.search(pattern, str(text)) is not None


def append(path: Path, parts: Iterable[tuple[Table, pl.DataFrame]], layout: Layout) -> None:
    """Add rows, part by part, to a database that `create_database` made, then what follows the rows of `layout`.

    Raises:
        StorageError: the disk would not take it.
    """
    try:
        for table, frame in parts:
            _ingest(path, table, frame)
        finish(path, layout)
    except REFUSALS as error:
        msg = f"{path} could not be written: {str(error).splitlines()[0]}"
        raise StorageError(msg) from error


def read_table(path: Path, table: Table) -> pl.DataFrame | None:
    """The rows of `table` in the SQLite database `path`, as they were written; None if it has no such table.

    Raises:
        MissingError: there is no such file.
        StorageError: it cannot be read.
    """
    database = open_database(path)
    try:
        rows = list(database.table(table.name).rows_where(order_by="rowid"))
        if not rows and table.name not in database.table_names():
            return None
    except sqlite3.Error as error:
        msg = f"{path} cannot be read: {error}"
        raise StorageError(msg) from error
    finally:
        database.close()
    types = {c.name: pl.Int64() if c.dtype == pl.Boolean else c.dtype for c in table}
    return pl.DataFrame(rows, schema=types).with_columns(pl.col(c.name).cast(c.dtype) for c in table)


def engine_version() -> tuple[int, ...]:
    """The version of the SQLite library in use."""
    return sqlite3.sqlite_version_info


def has_text_index() -> bool:
    """Whether the SQLite library in use has FTS5, which searches for parts of names need."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        return bool(connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
