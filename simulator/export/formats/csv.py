"""CSV (RFC 4180, UTF-8, LF): one header, null as an empty field, the empty text as ``""``.

A text that a spreadsheet would run as a formula (it begins with = + - @, tab or return, perhaps after apostrophes) gets
one more apostrophe in front; nothing else is changed, and `read` takes it away again. Numbers are never touched.
Source of the list: OWASP, CSV Injection.
"""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
from pyarrow import csv

from simulator.export.contract import TableFiles, from_plain, plain_schema, to_codes
from simulator.schema import Table

_FORMULA = r"^'*[=+\-@\t\r]"
_GUARDED = r"^'('*[=+\-@\t\r])"


def write(table: Table, parts: Iterable[pl.DataFrame], path: Path) -> None:
    """Write the parts one after the other; memory holds one part."""
    with path.open("wb") as out:
        out.write((",".join(table.names) + "\n").encode())
        for part in parts:
            plain = to_codes(table, part).with_columns(_guard(pl.col(c.name)) for c in table if c.dtype == pl.String)
            plain.write_csv(out, include_header=False, line_terminator="\n")


def read(table: Table, path: Path) -> pl.DataFrame:
    """Read the file back."""
    types = pl.DataFrame(schema=plain_schema(table)).to_arrow().schema
    options = csv.ConvertOptions(
        column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    rows = csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=options)
    frame = pl.DataFrame(rows)
    return from_plain(table, frame.with_columns(pl.col(pl.String).str.replace(_GUARDED, "$1")))


def _guard(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text).name.keep()


EXPORTER = TableFiles(suffix=".csv", write=write, read=read).exporter("csv", "CSV（表計算・データベース用）", "CSV")
