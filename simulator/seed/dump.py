"""SQL dumps: tables, rows and keys as statements that a receiving database reads.

MariaDB's are read by MySQL 8 as well as far as the manuals say; tried are MariaDB, PostgreSQL and SQLite.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulator.schema import Column, Table
from simulator.seed.sheets import Sheets, Width, room

ROWS_PER_STATEMENT = 500
_INTEGERS = {
    pl.UInt8: 3, pl.Int8: 3, pl.UInt16: 5, pl.Int16: 5, pl.UInt32: 10, pl.Int32: 10, pl.UInt64: 20, pl.Int64: 19,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes things.

    Attributes:
        quote: around names.
        text: the type of text, with ``{0}`` for its width in characters.
        integer: the type of a whole number, with ``{0}`` for its digits.
        day: the type of a day.
        flag: the type of yes and no.
        true: yes.
        false: no.
        before: statements at the beginning.
        after: statements at the end.
        keys_later: whether foreign keys are added after the rows; otherwise they stand in the tables.
    """

    quote: str
    text: str
    integer: str
    day: str
    flag: str
    true: str = "1"
    false: str = "0"
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    keys_later: bool = True

    def name(self, name: str) -> str:
        """`name` as the database reads it, whatever words it reserves."""
        return f"{self.quote}{name}{self.quote}"

    def type(self, column: Column, width: int) -> str:
        """The type of `column`."""
        kind = column.dtype if isinstance(column.dtype, type) else type(column.dtype)
        if kind in _INTEGERS:
            return self.integer.format(_INTEGERS[kind])
        return {pl.Date: self.day, pl.Boolean: self.flag}.get(kind) or self.text.format(room(width))


DIALECTS = {
    "mariadb": Dialect(
        "`", "VARCHAR({0})", "BIGINT", "DATE", "BOOLEAN",
        before=("SET NAMES utf8mb4", "SET sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'", "START TRANSACTION"),
        after=("COMMIT",),
    ),
    "postgresql": Dialect(
        '"', 'VARCHAR({0}) COLLATE "C"', "BIGINT", "DATE", "BOOLEAN", "TRUE", "FALSE",
        before=("SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on", "BEGIN"), after=("COMMIT",),
    ),
    "sqlite": Dialect(
        '"', "TEXT", "INTEGER", "TEXT", "INTEGER", before=("BEGIN",), after=("COMMIT",), keys_later=False,
    ),
    "oracle": Dialect('"', "VARCHAR2({0} CHAR)", "NUMBER({0})", "DATE", "NUMBER(1)"),
}  # fmt: skip
_TABLE_OPTIONS = {"mariadb": " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"}


def write_dump(sheets: Sheets, widths: Sequence[Width], dialect: str, path: Path) -> None:
    """Write the SQL of `sheets` to `path`, in UTF-8."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for statement in statements(sheets, widths, dialect):
            file.write(statement + ";\n")


def statements(sheets: Sheets, widths: Sequence[Width], dialect: str) -> Iterator[str]:
    """Every statement in its order: the frame of the session, tables, rows, keys."""
    form = DIALECTS[dialect]
    yield from form.before
    yield from definitions(sheets, widths, dialect)
    for table, frame in sheets.tables.items():
        yield from _rows(table, frame, form)
    if form.keys_later:
        yield from foreign_keys(sheets, dialect)
    yield from form.after


def definitions(sheets: Sheets, widths: Sequence[Width], dialect: str) -> Iterator[str]:
    """The tables with their keys."""
    form, known = DIALECTS[dialect], {(w.table, w.column): w.code_points for w in widths}
    for table in sheets.tables:
        limits = {c.name: sheets.limits.get((table.name, c.name)) for c in table}
        lines = [
            f"{form.name(c.name)} {form.type(c, _width(limits[c.name], known.get((table.name, c.name), 1)))}"
            + ("" if c.nullable else " NOT NULL")
            for c in table
        ]
        if table.key:
            lines.append(f"PRIMARY KEY ({', '.join(map(form.name, table.key))})")
        if not form.keys_later:
            lines += [_foreign(r, form) for r in sheets.references if r.table == table.name]
        body = ",\n  ".join(lines)
        yield f"CREATE TABLE {form.name(table.name)} (\n  {body}\n){_TABLE_OPTIONS.get(dialect, '')}"


def foreign_keys(sheets: Sheets, dialect: str) -> Iterator[str]:
    """The foreign keys, to be added when the rows are there."""
    form = DIALECTS[dialect]
    for reference in sheets.references:
        yield f"ALTER TABLE {form.name(reference.table)} ADD {_foreign(reference, form)}"


def _width(limit: object, measured: int) -> int:
    width = getattr(limit, "width", None) if getattr(limit, "unit", "") == "chars" else None
    return width or max(1, measured)


def _foreign(reference: Sequence[str], form: Dialect) -> str:
    _, column, other, other_column = map(form.name, reference)
    return f"FOREIGN KEY ({column}) REFERENCES {other} ({other_column})"


def _rows(table: Table, frame: pl.DataFrame, form: Dialect) -> Iterator[str]:
    names = ", ".join(map(form.name, table.names))
    values = frame.select(pl.concat_str([_literal(c, form) for c in table], separator=", ").alias("row"))["row"]
    for piece in values.to_frame().iter_slices(ROWS_PER_STATEMENT):
        rows = "),\n(".join(piece["row"].to_list())
        yield f"INSERT INTO {form.name(table.name)} ({names}) VALUES\n({rows})"


def _literal(column: Column, form: Dialect) -> pl.Expr:
    value = pl.col(column.name)
    if column.dtype == pl.Boolean:
        written = pl.when(value).then(pl.lit(form.true)).otherwise(pl.when(~value).then(pl.lit(form.false)))
    elif column.dtype.is_integer():
        written = value.cast(pl.String)
    else:
        escaped = value.cast(pl.String).str.replace_all("'", "''", literal=True)
        written = pl.concat_str(pl.lit("'"), escaped, pl.lit("'"))
    return written.fill_null("NULL")
