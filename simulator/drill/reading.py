"""Workbooks as Excel or LibreOffice saved them, read as text; what cannot be read is named by its cell."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.drill.spec import LANGUAGES, common
from simulator.errors import UsageError


@dataclass(slots=True)
class Sheet:
    """One sheet as rows of text, with what could not be read of it."""

    title: str
    rows: list[list[str]]
    unread: list[str] = field(default_factory=list)

    def at(self, row: int, column: int) -> str:
        """The text of a cell, empty where there is none."""
        return self.rows[row][column].strip() if row < len(self.rows) and column < len(self.rows[row]) else ""

    def refuse(self, row: int, column: int, wanted: str) -> None:
        """Keep the name of a cell that is not what it should be."""
        self.unread.append(self.named(row, column, wanted))

    def named(self, row: int, column: int, wanted: str) -> str:
        """A cell that is not what it should be, in words."""
        return f"{self.title}!{_letters(column)}{row + 1}: {self.at(row, column)!r} → {wanted}"


@dataclass(frozen=True)
class Book:
    """A workbook that was handed in; `unread` names the cells and sheets that could not be read."""

    path: Path
    unread: list[str]

    @cached_property
    def _reader(self) -> Any:
        try:
            import fastexcel  # noqa: PLC0415 - in an extra
        except ImportError as error:
            raise UsageError("workbooks need the extra `excel`: pip install 'jukisim[excel]'") from error
        try:
            return fastexcel.read_excel(self.path)
        except fastexcel.FastExcelError as error:
            msg = f"{self.path} is no workbook: {str(error).splitlines()[0]}"
            raise UsageError(msg) from error

    def sheet(self, word: str) -> Sheet:
        """The sheet under its title of either language; empty, and named, if it is missing."""
        titles = [common().words[word].of(lang) for lang in LANGUAGES]
        title = next((name for name in titles if name in self._reader.sheet_names), None)
        if title is None:
            self.unread.append(f"{titles[0]}: ✕")
            return Sheet(titles[0], [], self.unread)
        frame = self._reader.load_sheet(title, header_row=None, dtypes="string", n_rows=200).to_polars()
        rows = [["" if value is None else str(value) for value in row] for row in frame.iter_rows()]
        return Sheet(title, rows, self.unread)


def _letters(column: int) -> str:
    """The letters of a column, A for 0."""
    return chr(65 + column) if column < 26 else f"{chr(64 + column // 26)}{chr(65 + column % 26)}"  # noqa: PLR2004
