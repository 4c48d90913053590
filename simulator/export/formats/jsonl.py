"""JSON Lines: one object per row and line, every column of the table, null as null."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from simulator.export.contract import TableFiles, from_plain, plain_schema, to_plain
from simulator.schema import Table


def write(table: Table, parts: Iterable[pl.DataFrame], path: Path) -> None:
    """Write the parts one after the other; memory holds one part."""
    with path.open("wb") as out:
        for part in parts:
            to_plain(table, part).write_ndjson(out)


def read(table: Table, path: Path) -> pl.DataFrame:
    """Read the file back."""
    schema = {name: pl.Int64 if dtype.is_integer() else dtype for name, dtype in plain_schema(table).items()}
    frame = pl.read_ndjson(path, schema=schema) if path.stat().st_size else pl.DataFrame(schema=schema)
    return from_plain(table, frame)


EXPORTER = TableFiles(suffix=".jsonl", write=write, read=read).exporter("jsonl", "JSON Lines（1行1件）", "JSON Lines")
