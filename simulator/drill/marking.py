"""The facilitator's marking sheet: every team's free words beside the scale, with cells for marks and a remark.

One criterion after the other over all teams, as markers do who want to be even. Needs the extra ``excel``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator import storage
from simulator.drill import same
from simulator.drill.findings import Findings
from simulator.drill.grading import Rating
from simulator.drill.reading import Book, Sheet
from simulator.drill.rules import Form
from simulator.drill.spec import LANGUAGES, common
from simulator.drill.workbook import formats
from simulator.errors import ExistsError

_WIDTHS = (14, 22, 60, 60, 8, 36)
_TEAM, _CRITERION, _MARKS, _REMARK = 0, 1, 4, 5


@dataclass(frozen=True, slots=True)
class Marked:
    """What a facilitator gave one team: criterion of the rubric → rating, and cells that could not be read."""

    ratings: dict[int, Rating] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def write_marks(path: Path, findings: Sequence[Findings], lang: str) -> None:
    """Write the marking sheet of these teams to `path`; nothing is marked on it.

    Raises:
        ExistsError: there is such a file; marks may stand in it.
        UsageError: the extra is not installed.
        StorageError: the disk would not take it.
    """
    if path.exists():
        msg = f"{path} already exists and may hold marks; name another file, or remove it"
        raise ExistsError(msg)
    with storage.whole_file(path) as draft, storage.workbook(draft) as book:
        _fill(book, findings, lang)


def _fill(book: Any, findings: Sequence[Findings], lang: str) -> None:
    words, looks = common().words, formats(book)
    sheet = book.add_worksheet(words["sheet_marking"].of(lang))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(1, 0)
    heads = ("team", "criterion", "judgement", "marking_scale", "marks_given", "remark")
    for column, (word, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words[word].of(lang), looks["head"])
    order = [(number, team) for number in range(1, len(common().rubric) + 1) for team in findings]
    for row, (number, team) in enumerate(order, start=1):
        for column, text in enumerate(_texts(number, team, lang)):
            sheet.write_string(row, column, text, looks["wide"])
        _cells(sheet, looks, row, number)


def _texts(number: int, team: Findings, lang: str) -> tuple[str, ...]:
    criterion = common().rubric[number - 1]
    said = team.judgement.get(number, "") or common().words["nothing_written"].of(lang)
    return team.team, criterion.title.of(lang), said, "\n".join(point.of(lang) for point in criterion.points)


def _cells(sheet: Any, looks: Mapping[str, Any], row: int, number: int) -> None:
    marks = [str(mark) for mark in common().rubric[number - 1].marks]
    sheet.write_blank(row, _MARKS, None, looks["number"])
    sheet.write_blank(row, _REMARK, None, looks["entry"])
    sheet.data_validation(row, _MARKS, row, _MARKS, {"validate": "list", "source": marks, "error_type": "warning"})


def read_marks(path: Path) -> dict[str, Marked]:
    """What the facilitator gave each team; a mark that is not on its scale is named, and the rest counts.

    Raises:
        UsageError: it is no workbook, or the extra is not installed.
    """
    found: dict[str, Marked] = {}
    sheet = Book(path, []).sheet("sheet_marking")
    for row, number in _rows(sheet):
        marked = found.setdefault(sheet.at(row, _TEAM), Marked(unread=list(sheet.unread)))
        text = same.tidy(sheet.at(row, _MARKS), Form.EVENT).removesuffix(".0").removesuffix("点")
        allowed = common().rubric[number - 1].marks
        if text in map(str, allowed):
            marked.ratings[number] = Rating(marks=int(text), remark=sheet.at(row, _REMARK))
        elif text:
            marked.unread.append(sheet.named(row, _MARKS, " / ".join(map(str, allowed))))
    return found


def _rows(sheet: Sheet) -> Iterator[tuple[int, int]]:
    titles = {card.title.of(lang): n for n, card in enumerate(common().rubric, start=1) for lang in LANGUAGES}
    for row in range(1, len(sheet.rows)):
        if sheet.at(row, _CRITERION) in titles:
            yield row, titles[sheet.at(row, _CRITERION)]
