"""Flat files: CSV, fixed-width records, and CSV with what Oracle's SQL*Loader needs."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from simulator.schema import Column, Table
from simulator.seed.dump import definitions, foreign_keys
from simulator.seed.sheets import Limit, Sheets, Width, length, texts

ENCODINGS = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig", "cp932": "cp932", "utf-16": "utf-16"}
"""Names on the command line, and as Python has them."""
_ROWS = 65_536


def measured_encoding(name: str) -> str:
    """In what the bytes of a text are counted, without a mark of order before it."""
    return {"cp932": "cp932", "utf-16": "utf-16-le"}.get(name, "utf-8")


def write_csv(sheets: Sheets, encoding: str, folder: Path) -> None:
    """Write ``TABLE.csv`` for each table: a heading, commas, CRLF; an empty field is null, two quotes an empty text."""
    for table, frame in sheets.tables.items():
        plain = texts(table, frame)
        with (folder / f"{table.name}.csv").open("w", encoding=ENCODINGS[encoding], newline="") as file:
            file.write(plain.head(0).write_csv(line_terminator="\r\n"))
            for piece in plain.iter_slices(_ROWS):
                file.write(piece.write_csv(include_header=False, line_terminator="\r\n"))


def write_fixed(sheets: Sheets, encoding: str, folder: Path) -> None:
    """Write ``TABLE.dat`` for each table, records of fixed width ended by CRLF, and ``layout.csv`` explaining them."""
    told = []
    for table, frame in sheets.tables.items():
        plain, start, columns = texts(table, frame), 1, []
        for column in table:
            limit = sheets.limits.get((table.name, column.name)) or _measured(column, plain, encoding)
            columns.append(_filled(column.name, limit, encoding))
            told.append(_row(table, column, start, limit))
            start += limit.width
        lines = plain.select(pl.concat_str(columns).alias("line"))
        with (folder / f"{table.name}.dat").open("w", encoding=ENCODINGS[encoding], newline="") as file:
            for piece in lines.iter_slices(_ROWS):
                file.write("\r\n".join(piece["line"].to_list()) + "\r\n")
    pl.DataFrame(told).write_csv(folder / "layout.csv", include_bom=True)


def _measured(column: Column, plain: pl.DataFrame, encoding: str) -> Limit:
    unit = "chars" if encoding == "utf-16" else "bytes"
    longest = plain.select(length(column.name, unit, measured_encoding(encoding)).max().fill_null(0)).item()
    number = column.dtype.is_integer()
    return Limit(max(1, int(longest)), unit, "0" if number else " ", left=number)


def _filled(name: str, limit: Limit, encoding: str) -> pl.Expr:
    whole = pl.col(name).fill_null("")
    pad_width = len(limit.pad.encode(measured_encoding(encoding))) if limit.unit == "bytes" else 1
    missing = limit.width - length(name, limit.unit, measured_encoding(encoding)).fill_null(0)
    padding = pl.lit(limit.pad).repeat_by(missing // pad_width).list.join("")
    rest = pl.lit(" ").repeat_by(missing % pad_width).list.join("")  # where a wide pad leaves a narrow gap
    return pl.concat_str((padding, rest, whole) if limit.left else (whole, padding, rest))


def _row(table: Table, column: Column, start: int, limit: Limit) -> dict[str, str | int]:
    return {
        "table": table.name, "column": column.name, "項目": column.ja, "start": start, "width": limit.width,
        "unit": limit.unit, "pad": limit.pad, "side": "left" if limit.left else "right",
    }  # fmt: skip


def write_oracle(sheets: Sheets, widths: Sequence[Width], folder: Path) -> None:
    """Write what Oracle takes: ``schema.sql``, ``TABLE.csv`` and ``TABLE.ctl`` for SQL*Loader, ``keys.sql``.

    An empty text is null in Oracle, so a column that has one may be null. Not run on Oracle.
    """
    upper = _upper(sheets)
    longest = [Width(w.table.upper(), w.column.upper(), *w[2:]) for w in widths]
    note = "-- Not run on Oracle. Order: schema.sql, sqlldr for each .ctl, keys.sql.\n"
    _write_sql(folder / "schema.sql", note, definitions(upper, longest, "oracle"))
    write_csv(upper, "utf-8", folder)
    for table in upper.tables:
        (folder / f"{table.name}.ctl").write_text(_control(table), encoding="utf-8")
    _write_sql(folder / "keys.sql", note, foreign_keys(upper, "oracle"))


def _upper(sheets: Sheets) -> Sheets:
    tables = {}
    for table, frame in sheets.tables.items():
        empty = {c.name for c in table if frame[c.name].dtype == pl.String and (frame[c.name] == "").any()}
        columns = tuple(
            Column(c.name.upper(), c.dtype, c.ja, c.meaning, c.privacy, c.nullable or c.name in empty) for c in table
        )
        key = tuple(name.upper() for name in table.key)
        tables[Table(table.name.upper(), table.ja, table.meaning, key, columns)] = frame.rename(str.upper)
    references = tuple(type(r)(*(part.upper() for part in r)) for r in sheets.references)
    limits = {(table.upper(), column.upper()): limit for (table, column), limit in sheets.limits.items()}
    return Sheets(tables, references, limits)


def _write_sql(path: Path, note: str, found: object) -> None:
    lines = "".join(f"{statement};\n" for statement in found)  # type: ignore[attr-defined]
    path.write_text(note + lines, encoding="utf-8", newline="\n")


def _control(table: Table) -> str:
    fields = ",\n  ".join(_field(column) for column in table)
    return (
        "-- Not run on Oracle.\nOPTIONS (SKIP=1)\nLOAD DATA\nCHARACTERSET AL32UTF8 LENGTH SEMANTICS CHAR\n"
        f"INFILE '{table.name}.csv' \"STR '\\r\\n'\"\nINTO TABLE \"{table.name}\"\n"
        f"FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' TRAILING NULLCOLS\n(\n  {fields}\n)\n"
    )


def _field(column: Column) -> str:
    if column.dtype == pl.Date:
        return f"\"{column.name}\" DATE 'YYYY-MM-DD'"
    return f'"{column.name}" CHAR(4000)' if column.dtype == pl.String or column.choices else f'"{column.name}"'
