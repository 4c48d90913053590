"""Filling a PostgreSQL database: all tables of a layout, whole or not at all."""

from collections.abc import Callable, Sequence

import polars as pl
from psycopg import sql
from psycopg.sql import Composed

from simulator.errors import ExistsError
from simulator.schema import Column, Table
from simulator.storage.layout import Layout, Reference, inverted
from simulator.storage.postgres import PostgresConnection

MARK = "jukisim"
"""How the comment of every table of ours begins, so that nothing else is ever replaced."""
_TEXT = 'TEXT COLLATE "C"'  # sorts by code point, as SQLite and columns do
_TYPES: dict[type[pl.DataType], str] = {
    pl.Boolean: "BOOLEAN", pl.Date: "DATE", pl.Binary: "BYTEA", pl.Float64: "DOUBLE PRECISION", pl.UInt8: "SMALLINT",
    pl.UInt16: "INTEGER", pl.Int32: "INTEGER", pl.UInt32: "BIGINT", pl.Int64: "BIGINT", pl.List: "INTEGER[]",
}  # fmt: skip
_FOUND = (
    "SELECT c.relname AS name, coalesce(obj_description(c.oid, 'pg_class'), '') AS remark FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema AND c.relname = ANY(:names)"
)


def fill(
    connection: PostgresConnection, layout: Layout, *, schema: str, replace: bool, progress: Callable[[str], None]
) -> None:
    """Make and load the tables of `layout` in `schema`, in one transaction.

    Raises:
        ExistsError: tables of these names are there, and are not ours or not to be replaced.
        StorageError: the database would not do it.
    """
    with connection.transaction():
        connection.select("SELECT pg_advisory_xact_lock(hashtextextended(:schema, 1))", {"schema": f"{MARK}/{schema}"})
        connection.define(_sql("CREATE SCHEMA IF NOT EXISTS {}", schema))
        found = check_free(connection, [table.name for table in layout.tables], schema, replace=replace)
        if found:
            connection.define(_plain("DROP TABLE {}", _list(found)))
        for table, frame in layout.tables.items():
            progress(table.name)
            _create(connection, table)
            _load(connection, table, frame)
        progress("indexes")
        _index(connection, layout)
        progress("foreign keys")
        for reference in layout.references:
            connection.define(_foreign_key(reference))
        for statement in layout.after:
            connection.define(sql.SQL(statement))
        for table in layout.tables:
            connection.define(_sql("ANALYZE {}", table.name))


def check_free(connection: PostgresConnection, tables: Sequence[str], schema: str, *, replace: bool) -> list[str]:
    """Which of `tables` are there and may be replaced.

    Raises:
        ExistsError: some are there, and are not ours or not to be replaced.
    """
    found = connection.select(_FOUND, {"schema": schema, "names": list(tables)})
    strange = sorted(row["name"] for row in found if not row["remark"].startswith(MARK))
    if strange:
        msg = f"{connection.place} has tables that are not ours: {', '.join(strange)}; give another --schema"
        raise ExistsError(msg)
    names = sorted(row["name"] for row in found)
    if names and not replace:
        msg = f"{connection.place} already exists in schema {schema}, from {names[0]} on; --replace makes it anew"
        raise ExistsError(msg)
    return names


def _create(connection: PostgresConnection, table: Table) -> None:
    columns = sql.SQL(", ").join(_column(column) for column in table)
    connection.define(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table.name), columns))
    connection.define(_remark("TABLE", (table.name,), f"{MARK} {table.ja}: {table.meaning}"))
    for column in table:
        connection.define(_remark("COLUMN", (table.name, column.name), f"{column.ja}: {column.meaning}"))


def _load(connection: PostgresConnection, table: Table, frame: pl.DataFrame) -> None:
    lists = [
        pl.concat_str(pl.lit("{"), pl.col(c.name).cast(pl.List(pl.String)).list.join(","), pl.lit("}")).alias(c.name)
        for c in table
        if isinstance(c.dtype, pl.List)
    ]
    statement = _plain("COPY {} ({}) FROM STDIN (FORMAT csv)", _list([table.name]), _list(table.names))
    connection.copy(statement, table.conform(frame).with_columns(lists))


def _index(connection: PostgresConnection, layout: Layout) -> None:
    for table in layout.tables:
        if table.key:
            connection.define(_plain("ALTER TABLE {} ADD PRIMARY KEY ({})", _list([table.name]), _list(table.key)))
        numbers = inverted(table)
        if numbers:
            connection.define(_sql("CREATE INDEX ON {} USING gin ({})", table.name, numbers.name))
    for name, groups in layout.indexes.items():
        for columns in groups:
            connection.define(_plain("CREATE INDEX ON {} ({})", _list([name]), _list(columns)))


def _column(column: Column) -> Composed:
    kind = column.dtype if isinstance(column.dtype, type) else type(column.dtype)
    rule = "" if column.nullable else " NOT NULL"
    return sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_TYPES.get(kind, _TEXT) + rule))


def _foreign_key(reference: Reference) -> Composed:
    return _sql("ALTER TABLE {} ADD FOREIGN KEY ({}) REFERENCES {} ({})", *reference)


def _remark(kind: str, name: Sequence[str], words: str) -> Composed:
    return sql.SQL("COMMENT ON {} {} IS {}").format(sql.SQL(kind), sql.Identifier(*name), sql.Literal(words))


def _list(names: Sequence[str]) -> Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _sql(text: str, *names: str) -> Composed:
    return _plain(text, *(_list([name]) for name in names))


def _plain(text: str, *parts: Composed) -> Composed:
    return sql.SQL(text).format(*parts)
