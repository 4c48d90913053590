"""SQLite: one database with every table as text formats hold it (pseudonyms, instants and choices as text), indexed."""

from pathlib import Path

import polars as pl

from simulator import storage
from simulator.export.contract import Exporter, Source, from_plain, plain_schema, to_plain
from simulator.schema import AUDIT_TABLES, AUDITOR_TABLES, Column, Table

NAME = "jukisim.db"
_INDEXES: dict[str, list[tuple[str, ...]]] = {
    "event": [("actor", "at"), ("resident",), ("session_id",)],
    "shown": [("resident",)],
    "case": [("resident",)],
}


def plain_table(entry: Table) -> Table:
    """`entry` with the types of `to_plain`; keyed only if it is the log: other tables repeat between municipalities."""
    types = plain_schema(entry)
    columns = (Column(c.name, types[c.name], c.ja, c.meaning, c.privacy, c.nullable) for c in entry)
    return Table(entry.name, entry.ja, entry.meaning, entry.key if entry in AUDIT_TABLES else (), tuple(columns))


def _write(source: Source, folder: Path) -> list[Path]:
    tables = {t: plain_table(t) for t in source.tables}
    indexes = {t.name: _INDEXES[t.name] for t in tables if t.name in _INDEXES}
    empty = {plain: plain.empty() for plain in tables.values()}
    storage.create_database(folder / NAME, storage.Layout(empty))
    parts = ((plain, to_plain(t, part)) for t, plain in tables.items() for part in source.parts(t))
    storage.append(folder / NAME, parts, storage.Layout(empty, indexes))
    return [folder / NAME]


def _read(folder: Path) -> dict[str, pl.DataFrame]:
    tables = (*AUDIT_TABLES, *AUDITOR_TABLES)
    found = {t: storage.read_table(folder / NAME, plain_table(t)) for t in tables}
    return {t.name: from_plain(t, frame) for t, frame in found.items() if frame is not None}


EXPORTER = Exporter(name="sqlite", title_ja="SQLite", title_en="SQLite", write=_write, read=_read)
