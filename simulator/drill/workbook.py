"""The workbook of a team: the evidence on sheets with filters, and sheets to answer on, with lists to choose from.

Numbers of people, cases and events are text, since Excel drops leading zeros and shows no more than 15 digits. Needs
the extra ``excel``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from simulator import storage
from simulator.drill import words
from simulator.drill.pack import Question
from simulator.drill.rules import Form
from simulator.drill.spec import STEPS, common

ROWS = 20_000
"""Most rows of a sheet; a longer table goes on in the next."""
VALUES = 10
"""Cells for the values of one answer."""
MARKS, PEOPLE, ACTIONS = 60, 20, 30
"""Rows for marked events, for accused staff and for steps of the inquiry."""
FIRST_ANSWER = 6
"""Row, from 0, of the first question."""
ANSWER_COLUMN = 4
_LOGONS = ("login", "logout")
_SHEETS = ("events", "cases", "staff", "roster", "places", "people")
_WIDTHS = {
    "at": 19,
    "opened": 19,
    "closed": 19,
    "starts": 19,
    "ends": 19,
    "lunch_starts": 19,
    "address": 34,
    "name": 18,
}
_CHOICES = {Form.STAFF: "staff", Form.PERSON: "people", Form.CASE: "cases"}
_LINE, _LETTERS = 16, {"ja": 30, "en": 60}
"""Height of a line in points, and letters that a line of a question holds."""
_PRINT = {"paper": 9, "landscape": True}


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook that is being written."""

    book: Any
    lang: str
    formats: dict[str, Any]

    def say(self, word: str) -> str:
        return common().words[word].of(self.lang)


def write_workbook(
    path: Path, tables: dict[str, pl.DataFrame], questions: tuple[Question, ...], lang: str, team: int
) -> None:
    """Write the workbook of the team numbered `team` to `path`."""
    title = common().words["book_title"].of(lang)
    with storage.whole_file(path) as draft, storage.workbook(draft, title) as book:
        opened = _Book(book, lang, formats(book))
        _answers(opened, questions, team, tables)
        _marks(opened)
        _judgement(opened)
        for part in _SHEETS:
            _table(opened, part, tables[part])


def formats(book: Any) -> dict[str, Any]:
    """The looks of cells, by what stands in them."""
    grid = {"border": 1, "border_color": "#B9C3CD", "valign": "top"}
    wide = {**grid, "text_wrap": True}
    entry = {**wide, "bg_color": "#FFF9E5", "num_format": "@", "locked": False}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E4E9EE", "text_wrap": True, "valign": "top", "border": 1,
                                 "border_color": "#B9C3CD"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "note": book.add_format({"font_color": "#5D6B78", "text_wrap": True, "valign": "top"}),
        "cell": book.add_format(grid), "wide": book.add_format(wide), "text": book.add_format({"num_format": "@"}),
        "entry": book.add_format(entry),
        "date": book.add_format({**entry, "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({**entry, "num_format": "0"}),
        "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
    }  # fmt: skip


def _answers(book: _Book, questions: tuple[Question, ...], team: int, tables: dict[str, pl.DataFrame]) -> None:
    sheet = book.book.add_worksheet(book.say("sheet_answers"))
    sheet.set_landscape()
    sheet.set_paper(_PRINT["paper"])
    sheet.fit_to_pages(1, 0)
    for column, width in ((0, 6), (1, 62), (2, 6), (3, 16)):
        sheet.set_column(column, column, width)
    sheet.set_column(ANSWER_COLUMN, ANSWER_COLUMN + VALUES - 1, 15)
    sheet.set_column(ANSWER_COLUMN + VALUES, ANSWER_COLUMN + VALUES + STEPS - 1, 8)
    sheet.write_string(0, 0, book.say("book_title"), book.formats["title"])
    for row, (word, value) in enumerate((("team", f"team-{team}"), ("members", ""), ("minutes_used", "")), start=1):
        sheet.write_string(row, 1, book.say(word), book.formats["head"])
        sheet.merge_range(row, 2, row, 6, value, book.formats["entry"])
    sheet.write_string(FIRST_ANSWER - 2, 1, book.say("answers_note"), book.formats["note"])
    sheet.set_row(FIRST_ANSWER - 2, 48)
    _head(book, sheet, FIRST_ANSWER - 1, _answer_heads(book))
    for row, question in enumerate(questions, start=FIRST_ANSWER):
        _answer_row(book, sheet, row, question, tables)
    sheet.freeze_panes(FIRST_ANSWER, 2)


def _answer_heads(book: _Book) -> list[str]:
    values = [f"{book.say('answer')} {number}" for number in range(1, VALUES + 1)]
    hints = [f"{book.say('hint')} {step}" for step in range(1, STEPS + 1)]
    return [book.say("number"), book.say("question"), book.say("points"), book.say("form"), *values, *hints]


def _answer_row(book: _Book, sheet: Any, row: int, question: Question, tables: dict[str, pl.DataFrame]) -> None:
    form = Form(question.kind)
    sheet.write_number(row, 0, question.number, book.formats["cell"])
    text = question.text.of(book.lang)
    sheet.write_string(row, 1, text, book.formats["wide"])
    sheet.set_row(row, _LINE * max(2, -(-len(text) // _LETTERS[book.lang])))
    sheet.write_number(row, 2, question.points, book.formats["cell"])
    several = book.say("several") if question.several else book.say("one_value")
    sheet.write_string(row, 3, f"{book.say(f'form_{form}')}\n{several}", book.formats["wide"])
    kind = "date" if form is Form.DATE else "number" if form is Form.NUMBER else "entry"
    last = ANSWER_COLUMN + (VALUES if question.several else 1) - 1
    for column in range(ANSWER_COLUMN, last + 1):
        sheet.write_blank(row, column, None, book.formats[kind])
    rule = _validation(book, form, tables)
    if rule is not None:
        sheet.data_validation(row, ANSWER_COLUMN, row, last, rule)
    for column in range(ANSWER_COLUMN + VALUES, ANSWER_COLUMN + VALUES + STEPS):
        sheet.write_blank(row, column, None, book.formats["entry"])
        sheet.data_validation(row, column, row, column, {"validate": "list", "source": ["○"], "error_type": "warning"})


def _validation(book: _Book, form: Form, tables: dict[str, pl.DataFrame]) -> dict[str, Any] | None:
    """What may be chosen or typed; only a warning, since 該当なし may be typed everywhere."""
    if form in _CHOICES:
        part = _CHOICES[form]
        title, rows = words.sheet_title(part, book.lang), min(tables[part].height, ROWS)
        return {"validate": "list", "source": f"='{title}'!$A$2:$A${rows + 1}", "error_type": "warning"}
    if form is Form.NUMBER:
        return {"validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning"}
    return None


def _head(book: _Book, sheet: Any, row: int, titles: list[str]) -> None:
    for column, title in enumerate(titles):
        sheet.write_string(row, column, title, book.formats["head"])


def _entries(book: _Book, sheet: Any, top: int, rows: int, columns: int) -> None:
    for row in range(top, top + rows):
        for column in range(columns):
            sheet.write_blank(row, column, None, book.formats["entry"])


def _marks(book: _Book) -> None:
    sheet = book.book.add_worksheet(book.say("sheet_marks"))
    sheet.set_paper(_PRINT["paper"])
    sheet.fit_to_pages(1, 0)
    for column, width in ((0, 16), (1, 44), (2, 10)):
        sheet.set_column(column, column, width)
    _head(book, sheet, 0, [book.say("column_event_id"), book.say("reason"), book.say("minute")])
    _entries(book, sheet, 1, MARKS, 3)
    sheet.freeze_panes(1, 0)
    reasons = [text.of(book.lang) for name, text in sorted(common().words.items()) if name.startswith("reason_")]
    sheet.data_validation(1, 1, MARKS, 1, {"validate": "list", "source": reasons, "error_type": "information"})


def _judgement(book: _Book) -> None:
    sheet = book.book.add_worksheet(book.say("sheet_judgement"))
    sheet.set_paper(_PRINT["paper"])
    sheet.fit_to_pages(1, 0)
    for column, width in ((0, 22), (1, 44), (2, 30)):
        sheet.set_column(column, column, width)
    _head(book, sheet, 0, [book.say("accused"), book.say("reason")])
    _entries(book, sheet, 1, PEOPLE, 2)
    staff = f"='{words.sheet_title('staff', book.lang)}'!$A$2:$A$2000"
    sheet.data_validation(1, 0, PEOPLE, 0, {"validate": "list", "source": staff, "error_type": "warning"})
    top = PEOPLE + 2
    _head(book, sheet, top, [book.say("step"), book.say("target"), book.say("minute")])
    _entries(book, sheet, top + 1, ACTIONS, 3)
    kinds = [book.say(name) for name in ("step_interview", "step_case_file", "step_report", "step_preserve")]
    sheet.data_validation(top + 1, 0, top + ACTIONS, 0, {"validate": "list", "source": kinds, "error_type": "warning"})
    below = top + ACTIONS + 2
    _head(book, sheet, below, [book.say("criterion"), book.say("judgement")])
    for row, card in enumerate(common().rubric, start=below + 1):
        sheet.write_string(row, 0, card.title.of(book.lang), book.formats["wide"])
        sheet.write_blank(row, 1, None, book.formats["entry"])
        sheet.set_row(row, 60)


def _table(book: _Book, part: str, frame: pl.DataFrame) -> None:
    if part != "events":
        _pages(book, words.sheet_title(part, book.lang), frame)
        return
    logon = frame["action"].is_in([words.action(code, book.lang) for code in _LOGONS])
    _pages(book, words.sheet_title(part, book.lang), frame.filter(~logon))
    _pages(book, words.sheet_title("logons", book.lang), frame.filter(logon))


def _pages(book: _Book, title: str, frame: pl.DataFrame) -> None:
    for number, rows in enumerate(_parts(frame), start=1):
        sheet = book.book.add_worksheet(title if number == 1 else f"{title}{number}")
        sheet.set_landscape()
        sheet.set_paper(_PRINT["paper"])
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(rows.height, 1), rows.width - 1)
        _head(book, sheet, 0, [words.heading(name, book.lang) for name in rows.columns])
        for column, name in enumerate(rows.columns):
            _column(book, sheet, column, name, rows[name])


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield from frame.iter_slices(ROWS) if frame.height else [frame]


def _column(book: _Book, sheet: Any, place: int, name: str, values: pl.Series) -> None:
    if values.dtype == pl.Datetime:
        sheet.set_column(place, place, _WIDTHS.get(name, 19), book.formats["instant"])
        sheet.write_column(1, place, values.dt.replace_time_zone(None).to_list(), book.formats["instant"])
    elif values.dtype == pl.Date:
        sheet.set_column(place, place, 12, book.formats["day"])
        sheet.write_column(1, place, values.to_list(), book.formats["day"])
    elif values.dtype.is_integer():
        sheet.set_column(place, place, 9)
        sheet.write_column(1, place, values.to_list())
    else:
        sheet.set_column(place, place, _WIDTHS.get(name, 14), book.formats["text"])
        for row, value in enumerate(values.to_list(), start=1):
            if value is not None:
                sheet.write_string(row, place, value, book.formats["text"])
