"""Where a database is: a SQLite file, or a PostgreSQL address whose driver is an extra and loaded when first named."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulator.errors import MissingError
from simulator.storage.layout import Layout

if TYPE_CHECKING:
    from simulator.storage.postgres import PostgresConnection

_PASSWORD = re.compile(r"(?<=[^/]):[^/@]*@")
_SETTING = re.compile(r"password=[^&]*")
_PREFIXES = ("postgresql://", "postgres://")


def is_postgres(address: str) -> bool:
    """Whether `address` is that of a PostgreSQL database."""
    return address.startswith(_PREFIXES)


def without_password(address: str) -> str:
    """`address` for messages."""
    return _SETTING.sub("password=…", _PASSWORD.sub("@", address))


def connect_postgres(address: str, *, read_only: bool = True, schema: str = "public") -> "PostgresConnection":
    """Open the database at `address` (``postgresql://…``), its tables being those of `schema`.

    Raises:
        MissingError: the extra is not installed.
        StorageError: nothing answers, or it lets us not in, or its encoding is not UTF-8.
    """
    try:
        from simulator.storage.postgres import connect  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "PostgreSQL needs psycopg: pip install 'jukisim[postgres]'"
        raise MissingError(msg) from error
    return connect(address, read_only=read_only, schema=schema)


def fill_postgres(
    address: str,
    layout: Layout,
    *,
    schema: str = "public",
    replace: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> str:
    """Make and load the tables of `layout` at `address` in one transaction: stopped at any moment, nothing has changed.

    Returns:
        The address without a password.

    Raises:
        ExistsError: tables of these names are there, and are not ours or not to be replaced.
        MissingError, StorageError: as of `connect_postgres`; or the database would not do it.
    """
    connection = connect_postgres(address, read_only=False, schema=schema)
    from simulator.storage.filling import fill  # noqa: PLC0415 - an extra

    try:
        fill(connection, layout, schema=schema, replace=replace, progress=progress)
        return connection.place
    finally:
        connection.close()


def check_postgres(address: str, tables: Sequence[str], *, schema: str, replace: bool) -> None:
    """Raise ExistsError if some of `tables` are there, unless `replace` and they are ours.

    Raises:
        MissingError, StorageError: as of `connect_postgres`.
    """
    connection = connect_postgres(address, schema=schema)
    from simulator.storage.filling import check_free  # noqa: PLC0415 - an extra

    try:
        check_free(connection, tables, schema, replace=replace)
    finally:
        connection.close()
