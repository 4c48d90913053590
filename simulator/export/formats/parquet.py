"""Parquet (zstd): pseudonyms as text, instants and days in Parquet's own types with their zone, choices as text."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from simulator.export.contract import TableFiles, with_texts, without_texts
from simulator.schema import Table


def write(table: Table, parts: Iterable[pl.DataFrame], path: Path) -> None:
    """Write the parts as row groups; memory holds one part."""
    with pq.ParquetWriter(path, _plain(table, table.empty()).to_arrow().schema, compression="zstd") as out:
        for part in parts:
            out.write_table(_plain(table, part).to_arrow())


def read(table: Table, path: Path) -> pl.DataFrame:
    """Read the file back."""
    return table.conform(without_texts(table, pl.read_parquet(path)))


def _plain(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    choices = (pl.col(c.name).cast(pl.String) for c in table if c.choices)
    return with_texts(table, frame).with_columns(choices)


EXPORTER = TableFiles(suffix=".parquet", write=write, read=read).exporter("parquet", "Parquet（分析用）", "Parquet")
