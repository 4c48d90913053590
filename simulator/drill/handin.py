"""Reads the workbooks that teams hand in, as Excel or LibreOffice saved them (xlsx, xlsm, ods).

A cell that cannot be read is named, in words, and left out; the rest counts. Needs the extra ``excel``.
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from simulator.drill import same
from simulator.drill.findings import Action, Findings, HintTaken, Mark
from simulator.drill.grading import CASE_FILE, INTERVIEW, PRESERVE, REPORT, Grade, grade
from simulator.drill.marking import Marked, read_marks
from simulator.drill.pack import Pack
from simulator.drill.reading import Book, Sheet
from simulator.drill.rules import NONE, Form
from simulator.drill.secret import Secret
from simulator.drill.spec import LANGUAGES, STEPS, common
from simulator.drill.workbook import ACTIONS, ANSWER_COLUMN, FIRST_ANSWER, MARKS, PEOPLE, VALUES
from simulator.errors import MissingError

SUFFIXES = (".xlsx", ".xlsm", ".ods")
_SHAPES: Mapping[Form, tuple[str, str]] = {
    Form.STAFF: (r"S\d{7}", "S0123456"), Form.PERSON: (r"\d{10}", "0000012345"), Form.EVENT: (r"\d+", "12345"),
    Form.DATE: (r"\d{4}-\d{2}-\d{2}", "2025-04-01"), Form.NUMBER: (r"\d+", "12"),
    Form.HOUSEHOLD: (r"\d{10}", "0000012345"), Form.CASE: (r"\S{4,}", "JC25-00012"),
    Form.TERMINAL: (r"T\d{4}", "T0012"),
}  # fmt: skip
_STEPS = {"step_interview": INTERVIEW, "step_case_file": CASE_FILE, "step_report": REPORT, "step_preserve": PRESERVE}


def read_folder(pack: Pack, folder: Path) -> list[Findings]:
    """The findings of every workbook in `folder`, in order of name.

    Raises:
        MissingError: there is no folder or no workbook in it.
        UsageError: a file is no workbook, or the extra is not installed.
    """
    books = sorted(
        path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith("~")
    )
    if not books:
        msg = f"no workbook in {folder}; put the teams' files ({', '.join(SUFFIXES)}) there"
        raise MissingError(msg)
    return [read_workbook(pack, path) for path in books]


def grade_folder(pack: Pack, secret: Secret, folder: Path, marks: Path | None = None) -> list[Grade]:
    """Grade every workbook in `folder`.

    Args:
        pack: the drill.
        secret: what is sealed of it.
        folder: of the workbooks that were handed in.
        marks: the facilitator's marks for the free words (`marking.read_marks`); nothing is rated without.

    Raises:
        MissingError, UsageError: as `read_folder`.
    """
    marked = read_marks(marks) if marks is not None else {}
    return [_graded(pack, secret, findings, marked.get(findings.team)) for findings in read_folder(pack, folder)]


def _graded(pack: Pack, secret: Secret, findings: Findings, marked: Marked | None) -> Grade:
    if marked is None:
        return grade(pack, secret, findings)
    told = dataclasses.replace(findings, unread=(*findings.unread, *marked.unread))
    return grade(pack, secret, told, marked.ratings)


def read_workbook(pack: Pack, path: Path) -> Findings:
    """The findings of one workbook.

    Raises:
        UsageError: it is no workbook.
    """
    unread: list[str] = []
    book = Book(path, unread)
    answers, marks, steps = (book.sheet(name) for name in ("sheet_answers", "sheet_marks", "sheet_judgement"))
    minutes = _minute(answers, 3, 2)
    return Findings(
        team=answers.at(1, 2) or path.stem,
        members=tuple(part for part in re.split(r"[、,，\n]+", answers.at(2, 2)) if part.strip()),
        answers=dict(_answers(pack, answers)),
        marks=tuple(_marks(marks)),
        hints=tuple(_hints(pack, answers)),
        accused=tuple(_accused(steps)),
        judgement=dict(_judgement(steps)),
        protocol=tuple(_protocol(steps)),
        minutes=minutes,
        unread=tuple(unread),
    )


def _row(sheet: Sheet, number: int) -> int | None:
    """The row of a question: rows may have been sorted or moved."""
    wanted = (str(number), f"{number}.0")
    return next((row for row in range(len(sheet.rows)) if sheet.at(row, 0) in wanted), None)


def _answers(pack: Pack, sheet: Sheet) -> Iterator[tuple[int, tuple[str, ...]]]:
    for question in pack.questions:
        row, form = _row(sheet, question.number), Form(question.kind)
        if row is None:
            if sheet.rows:
                sheet.unread.append(f"{sheet.title}!A{FIRST_ANSWER + question.number}: {question.number} ✕")
            continue
        found: list[str] = []
        for column in range(ANSWER_COLUMN, ANSWER_COLUMN + VALUES):
            for value in same.split(sheet.at(row, column), form):
                found.extend(_value(sheet, row, column, value, form))
        yield question.number, tuple(dict.fromkeys(found))


def _value(sheet: Sheet, row: int, column: int, text: str, form: Form) -> Iterator[str]:
    value = _long(text, form)
    shape, example = _SHAPES[form]
    if value == NONE or re.fullmatch(shape, value):
        yield value
    else:
        sheet.refuse(row, column, example)


def _long(text: str, form: Form) -> str:
    """A value as compared; a number that lost its leading zeros in a cell gets them back."""
    value = same.tidy(text, form)
    plain = value.removesuffix(".0")
    if form in (Form.PERSON, Form.HOUSEHOLD) and plain.isdigit():
        return plain.zfill(10)
    return plain if form is Form.EVENT else value


def _hints(pack: Pack, sheet: Sheet) -> Iterator[HintTaken]:
    for question in pack.questions:
        row = _row(sheet, question.number)
        if row is not None:
            steps = [step for step in range(1, STEPS + 1) if sheet.at(row, ANSWER_COLUMN + VALUES + step - 1)]
            yield from (HintTaken(question=question.number, step=step) for step in steps)


def _marks(sheet: Sheet) -> Iterator[Mark]:
    for row in range(1, MARKS + 1):
        text = same.tidy(sheet.at(row, 0), Form.EVENT).removesuffix(".0") if sheet.at(row, 0) else ""
        if text.isdigit():
            yield Mark(event_id=int(text), reason=sheet.at(row, 1), minute=_minute(sheet, row, 2))
        elif text and text != NONE:
            sheet.refuse(row, 0, _SHAPES[Form.EVENT][1])


def _minute(sheet: Sheet, row: int, column: int) -> float | None:
    text = same.tidy(sheet.at(row, column), Form.EVENT).removesuffix("分")
    try:
        return float(text) if text and text != NONE else None
    except ValueError:
        sheet.refuse(row, column, "12")
        return None


def _accused(sheet: Sheet) -> Iterator[str]:
    for row in range(1, PEOPLE + 1):
        for value in same.split(sheet.at(row, 0), Form.STAFF):
            yield from _value(sheet, row, 0, value, Form.STAFF)


def _protocol(sheet: Sheet) -> Iterator[Action]:
    kinds = {common().words[word].of(lang): kind for word, kind in _STEPS.items() for lang in LANGUAGES}
    for row in range(PEOPLE + 3, PEOPLE + 3 + ACTIONS):
        text = sheet.at(row, 0)
        if text in kinds:
            yield Action(kind=kinds[text], target=sheet.at(row, 1), minute=_minute(sheet, row, 2))
        elif text:
            sheet.refuse(row, 0, " / ".join(list(kinds)[::2]))


def _judgement(sheet: Sheet) -> Iterator[tuple[int, str]]:
    titles = {card.title.of(lang): n for n, card in enumerate(common().rubric, start=1) for lang in LANGUAGES}
    for row in range(len(sheet.rows)):
        if sheet.at(row, 0) in titles and sheet.at(row, 1):
            yield titles[sheet.at(row, 0)], sheet.at(row, 1)
