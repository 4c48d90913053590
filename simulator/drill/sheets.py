"""Writes the evidence for people: CSV that Excel opens, one SQLite database, and a workbook for each team."""

from pathlib import Path

import polars as pl

from simulator import storage
from simulator.drill import words
from simulator.drill.evidence import PARTS, Evidence
from simulator.drill.pack import Question
from simulator.drill.workbook import write_workbook
from simulator.schema.types import Column, Table

DATABASE = "evidence.sqlite"
WORKBOOKS = "workbooks"
FILES = {
    "events": "audit_log", "staff": "staff", "roster": "roster", "cases": "cases", "places": "places",
    "people": "people", "shown": "shown", "bridge": "bridge",
}  # fmt: skip
_INDEXES = {"events": [("person_no",), ("staff_code",), ("case_no",)], "shown": [("person_no",)]}


def write_evidence(
    evidence: Evidence, folder: Path, questions: tuple[Question, ...], lang: str, teams: int
) -> dict[str, int]:
    """Write everything into the new `folder`; returns the rows of each table."""
    tables = {part: words.table(evidence, part, lang) for part in PARTS}
    for part, frame in tables.items():
        _csv(frame, folder / f"{FILES[part]}.csv", lang)
    _database(tables, folder / DATABASE)
    for number in range(1, teams + 1):
        write_workbook(folder / WORKBOOKS / f"team-{number}.xlsx", tables, questions, lang, number)
    return {part: frame.height for part, frame in tables.items()}


def _csv(frame: pl.DataFrame, path: Path, lang: str) -> None:
    """With a byte order mark, without which Excel takes the text for another encoding."""
    titled = frame.rename({name: words.heading(name, lang) for name in frame.columns})
    with storage.whole_file(path) as draft:
        titled.write_csv(draft, include_bom=True, datetime_format="%Y-%m-%d %H:%M:%S")


def _database(tables: dict[str, pl.DataFrame], path: Path) -> None:
    """Text and numbers under the English names of the columns."""
    plain = {part: _plain(frame) for part, frame in tables.items()}
    entries = {part: _entry(part, frame) for part, frame in plain.items()}
    indexes = {part: list(keys) for part, keys in _INDEXES.items()}
    storage.create_database(path, storage.Layout({entries[p]: frame for p, frame in plain.items()}, indexes))


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    instants = [
        pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S") for name, kind in frame.schema.items() if kind == pl.Datetime
    ]
    days = [pl.col(name).cast(pl.String) for name, kind in frame.schema.items() if kind == pl.Date]
    numbers = [pl.col(name).cast(pl.Int64) for name, kind in frame.schema.items() if kind.is_integer()]
    return frame.with_columns(*instants, *days, *numbers)


def _entry(part: str, frame: pl.DataFrame) -> Table:
    columns = tuple(Column(name, kind, name, name, nullable=True) for name, kind in frame.schema.items())
    return Table(part, part, part, (), columns)
