"""Fills in a team's workbook as a person would in Excel, by openpyxl, which is no part of the package."""

from pathlib import Path

import openpyxl

from simulator import drill
from simulator.drill.workbook import ANSWER_COLUMN, FIRST_ANSWER, PEOPLE


def fill(
    pack: drill.Pack, secret: drill.Secret, source: Path, target: Path, wrong: frozenset[int] = frozenset()
) -> None:
    """All answers right but those of `wrong`, all misuse marked, the guilty named, the inquiry in order."""
    book = openpyxl.load_workbook(source)
    answers, marks, steps = (book[name] for name in ("解答", "指摘", "判断と手順"))
    for question in pack.questions:
        for place, value in enumerate(secret.answers[question.number].values):
            cell = answers.cell(FIRST_ANSWER + question.number, ANSWER_COLUMN + 1 + place)
            cell.value = "なし" if question.number in wrong else value
    for row, event in enumerate(sorted(secret.misuse_event_ids), start=2):
        marks.cell(row, 1).value = str(event)
        marks.cell(row, 3).value = 12
    guilty = sorted(set(secret.labels.filter(secret.labels["kind"] == "misuse")["staff_code"].to_list()))
    for row, code in enumerate(guilty, start=2):
        steps.cell(row, 1).value = code
    for row, step in enumerate(("証拠保全", "原本確認", "聞き取り", "上司へ報告"), start=PEOPLE + 4):
        steps.cell(row, 1).value = step
    book.save(target)
