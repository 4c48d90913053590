"""PostgreSQL: statements and bulk loading with errors of ours. Needs the extra ``jukisim[postgres]``."""

import contextlib
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.rows import dict_row, scalar_row
from psycopg.sql import SQL, Composed
from psycopg.types.numeric import IntLoader
from psycopg.types.string import TextLoader

from simulator.errors import DamagedError, StorageError
from simulator.storage.connection import Dialect

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]\w*)")
_COPY_ROWS = 65_536
_LOCK_WAIT_MS = 5_000


class _Flag(Loader):
    """Yes and no as SQLite has them, 1 and 0."""

    def load(self, data: Buffer) -> int:
        """Read one value."""
        return int(bytes(data) == b"t")


class PostgresConnection:
    """An open PostgreSQL database; each statement is a transaction of its own unless inside `transaction`."""

    dialect: Dialect = "postgresql"

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        """Hold the open `connection`."""
        self._connection = connection
        self.place = _place(connection)

    def select(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows that `sql` with the parameters `values` (written ``:name``) gives.

        Raises:
            DamagedError: the database is damaged.
            StorageError: it is locked, read-only, gone, not set up, or not ours to use.
        """
        with _translated(self.place):
            cursor = self._connection.execute(_statement(sql), values)
            return cursor.fetchall() if cursor.description else []

    def column(self, sql: str) -> list[Any]:
        """The first value of each row that `sql` gives.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        with _translated(self.place), self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(_statement(sql)).fetchall()

    def execute(self, sql: str, rows: Iterable[Mapping[str, Any]] = ({},)) -> None:
        """Carry out `sql` once for each of `rows`, its parameters.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        with _translated(self.place), self._connection.cursor() as cursor:
            cursor.executemany(_statement(sql), rows)

    @property
    def alive(self) -> bool:
        """Whether the connection still stands, as far as it was noticed."""
        return not (self._connection.closed or self._connection.broken)

    def become(self, role: str) -> bool:
        """Take the rights of `role` from here on, if it is there and ours to take; tells whether."""
        member = "SELECT 1 AS ours FROM pg_roles WHERE rolname = :role AND pg_has_role(oid, 'MEMBER')"
        if not self.select(member, {"role": role}):
            return False
        self.select("SELECT set_config('role', :role, false)", {"role": role})
        return True

    def define(self, statement: Composed | SQL) -> None:
        """Run a statement without parameters or rows.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        with _translated(self.place):
            self._connection.execute(statement)

    def copy(self, statement: Composed, frame: pl.DataFrame) -> None:
        """Append the rows of `frame` by the COPY `statement`, as CSV, in flat memory.

        Raises:
            DamagedError, StorageError: as of `select`; nothing of it stays.
        """
        with _translated(self.place), self._connection.cursor() as cursor, cursor.copy(statement) as sink:
            for piece in frame.iter_slices(_COPY_ROWS):
                sink.write(piece.write_csv(include_header=False).encode())

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Whole or not at all.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        with _translated(self.place), self._connection.transaction():
            yield

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def connect(address: str, *, read_only: bool = True, schema: str = "public") -> PostgresConnection:
    """Open the database at `address` (``postgresql://…``), its tables being those of `schema`.

    Raises:
        StorageError: nothing answers, or it lets us not in, or its encoding is not UTF-8.
    """
    with _translated("PostgreSQL"):
        connection = psycopg.connect(address, autocommit=True, row_factory=dict_row, application_name="jukisim")
        for kind, loader in _LOADERS.items():
            connection.adapters.register_loader(kind, loader)
        settings = {
            "search_path": f'"{schema}"', "lock_timeout": str(_LOCK_WAIT_MS), "datestyle": "ISO, YMD",
            "default_transaction_read_only": "on" if read_only else "off",
        }  # fmt: skip
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    opened = PostgresConnection(connection)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        msg = f"{opened.place} is encoded in {encoding}; Japanese names need a database made with ENCODING 'UTF8'"
        raise StorageError(msg)
    return opened


# Values come as SQLite gives them: days as text, flags as numbers, and sums as whole numbers, since we sum no others.
_LOADERS: dict[str, type[Loader]] = {"date": TextLoader, "bool": _Flag, "numeric": IntLoader}


@functools.lru_cache(maxsize=512)
def _statement(sql: str) -> Any:
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


def _place(connection: psycopg.Connection[Any]) -> str:
    """The address without a password."""
    return f"postgresql://{connection.info.user}@{connection.info.host}/{connection.info.dbname}"


@contextlib.contextmanager
def _translated(place: str) -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted) as error:
        msg = f"{place} is damaged: {_first_line(error)}"
        raise DamagedError(msg) from error
    except psycopg.errors.UndefinedTable as error:
        msg = f"{place}: {_first_line(error)}; jukisim seed RUN DATABASE_URL fills a database"
        raise StorageError(msg) from error
    except psycopg.Error as error:
        msg = f"{place}: {_first_line(error)}"
        raise StorageError(msg) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0]
