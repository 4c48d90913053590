"""Excel workbook for people: a sheet for each table with its Japanese titles, filters, and a sheet that explains them.

Instants are Excel dates of Japan time; numbers of events are text, since Excel shows no more than 15 digits; no text is
ever taken for a formula. A sheet ends at Excel's limit of rows and the table goes on in the next. Needs the extra
``excel``. Source: Excel specifications and limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from simulator import storage
from simulator.export.contract import Exporter, Source, from_plain, to_plain
from simulator.schema import AUDIT_TABLES, AUDITOR_TABLES, Column, Table
from simulator.schema.types import JST_MS

NAME = "jukisim.xlsx"
LAST_ROW = 1_048_575
_HEAD_ROWS = 2
_LONG = pl.Int64
_ABOUT = "説明"


@dataclass(slots=True)
class _Sheets:
    """The sheets of one table, one open at a time."""

    book: Any
    table: Table
    formats: dict[str, Any]
    last_row: int = LAST_ROW
    sheet: Any = None
    row: int = 0
    count: int = field(default=0)

    def write(self, part: pl.DataFrame) -> None:
        kinds = [(place, _kind(column)) for place, column in enumerate(self.table)]
        for values in _cells(self.table, part).iter_rows():
            if self.sheet is None or self.row > self.last_row:
                self.open()
            for place, kind in kinds:
                self.cell(place, kind, values[place])
            self.row += 1

    def cell(self, place: int, kind: str, value: Any) -> None:
        if value is None:
            return
        if kind == "instant":
            self.sheet.write_datetime(self.row, place, value, self.formats["instant"])
        elif kind == "number":
            self.sheet.write_number(self.row, place, value)
        elif kind == "truth":
            self.sheet.write_boolean(self.row, place, value)
        else:
            self.sheet.write_string(self.row, place, value)

    def open(self) -> None:
        self.count += 1
        name = self.table.name if self.count == 1 else f"{self.table.name}_{self.count}"
        self.sheet = self.book.add_worksheet(name)
        for place, column in enumerate(self.table):
            self.sheet.set_column(place, place, _WIDTHS[_kind(column)])
        for place, column in enumerate(self.table):
            self.sheet.write_string(0, place, column.ja, self.formats["head"])
        for place, column in enumerate(self.table):
            self.sheet.write_string(1, place, column.name, self.formats["head"])
        self.sheet.freeze_panes(_HEAD_ROWS, 1)
        self.sheet.autofilter(1, 0, self.last_row, len(self.table.columns) - 1)
        self.row = _HEAD_ROWS


_READ_AS = {"instant": "datetime", "number": "float", "truth": "boolean", "text": "string"}
_WIDTHS = {"instant": 23, "number": 10, "truth": 9, "text": 18}


def _kind(column: Column) -> str:
    if column.dtype == JST_MS:
        return "instant"
    if column.dtype == pl.Boolean:
        return "truth"
    return "number" if column.dtype.is_numeric() and column.dtype != _LONG else "text"


def _cells(table: Table, part: pl.DataFrame) -> pl.DataFrame:
    """`part` as cells: instants naive in Japan time, long numbers as text."""
    plain = to_plain(table, part)
    return plain.with_columns(
        *(part[c.name].dt.replace_time_zone(None) for c in table if c.dtype == JST_MS),
        *(pl.col(c.name).cast(pl.String) for c in table if c.dtype == _LONG),
    )


def _write(source: Source, folder: Path) -> list[Path]:
    with storage.workbook(folder / NAME, constant_memory=True) as book:
        formats = {
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"}),
            "head": book.add_format({"bold": True, "bg_color": "#E4E9EE"}),
        }
        _about(book, source.tables, formats)
        for table in source.tables:
            sheets = _Sheets(book, table, formats)
            sheets.open()
            for part in source.parts(table):
                sheets.write(part)
    return [folder / NAME]


def _about(book: Any, tables: tuple[Table, ...], formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(_ABOUT)
    for place, (title, width) in enumerate((("シート", 12), ("項目", 24), ("列名", 24), ("Meaning", 80))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, formats["head"])
    for row, texts in enumerate(_lines(tables), start=1):
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text)


def _lines(tables: tuple[Table, ...]) -> Iterator[tuple[str, str, str, str]]:
    yield ("", "架空のデータです。実在の人の記録ではありません。", "", "Synthetic: nobody's record.")
    for table in tables:
        yield (table.name, table.ja, "", table.meaning)
        yield from ((table.name, c.ja, c.name, c.meaning) for c in table)


def _read(folder: Path) -> dict[str, pl.DataFrame]:
    import fastexcel  # noqa: PLC0415 - in an extra

    book = fastexcel.read_excel(folder / NAME)
    return {t.name: _table(book, t) for t in (*AUDIT_TABLES, *AUDITOR_TABLES) if t.name in book.sheet_names}


def _table(book: Any, table: Table) -> pl.DataFrame:
    names = [name for name in book.sheet_names if name == table.name or name.startswith(f"{table.name}_")]
    dtypes = {c.name: _READ_AS[_kind(c)] for c in table}
    parts = [book.load_sheet(name, header_row=1, dtypes=dtypes).to_polars() for name in names]
    cells = pl.concat(parts)
    instants = [pl.col(c.name).dt.strftime("%Y-%m-%dT%H:%M:%S%.3f+09:00") for c in table if c.dtype == JST_MS]
    numbers = [pl.col(c.name).cast(c.dtype) for c in table if c.dtype.is_numeric()]
    return from_plain(table, cells.with_columns(*instants, *numbers))


EXPORTER = Exporter(name="excel", title_ja="Excel ブック", title_en="Excel workbook", write=_write, read=_read)
