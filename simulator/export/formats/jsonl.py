"""JSON Lines: one object per row and line, every column of the table, null as null."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from simulator.export import json_text, patterns
from simulator.export.contract import TableFiles, from_plain, plain_schema, to_codes
from simulator.export.json_text import Plain
from simulator.export.patterns import Patterns
from simulator.schema import Table

_ROWS_AT_ONCE = 32_768
"""So that the text of one call stays small: it is written and forgotten."""


def write(table: Table, parts: Iterable[pl.DataFrame], path: Path) -> None:
    """Write the parts one after the other; memory holds one part."""
    with path.open("wb") as out:
        for part in parts:
            for rows in part.iter_slices(_ROWS_AT_ONCE):
                json_text.write_texts(documents(table, rows), out)


def documents(table: Table, part: pl.DataFrame) -> pl.Series:
    """One line of JSON for each row of `part`."""
    few = patterns.few(table)
    tree = {c.name: Plain(c.name, safe=c.dtype != pl.String) for c in table}
    frame = to_codes(table, part)
    return json_text.encode(frame.drop(few), tree, Patterns.find(frame, few), nulls=True, end="\n")


def read(table: Table, path: Path) -> pl.DataFrame:
    """Read the file back."""
    schema = {name: pl.Int64 if dtype.is_integer() else dtype for name, dtype in plain_schema(table).items()}
    frame = pl.read_ndjson(path, schema=schema) if path.stat().st_size else pl.DataFrame(schema=schema)
    return from_plain(table, frame)


EXPORTER = TableFiles(suffix=".jsonl", write=write, read=read).exporter("jsonl", "JSON Lines（1行1件）", "JSON Lines")
