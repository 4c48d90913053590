from pathlib import Path

import filled_drill
import openpyxl
import pytest

from simulator import drill
from simulator.errors import ExistsError, MissingError, UsageError


@pytest.fixture
def filled(made: drill.Pack, secret: drill.Secret, tmp_path: Path) -> Path:
    source = made.path / "evidence" / "workbooks" / "team-1.xlsx"
    filled_drill.fill(made, secret, source, tmp_path / "一班.xlsx")
    return tmp_path


def test_a_workbook_that_is_right_brings_every_point(made: drill.Pack, secret: drill.Secret, filled: Path) -> None:
    (graded,) = drill.grade_folder(made, secret, filled)
    assert graded.points == made.points
    assert graded.unread == graded.protocol == ()
    assert graded.search.recall == 1.0
    assert graded.minutes_to_first_true == 12


def test_a_cell_that_cannot_be_read_is_named_and_the_rest_counts(
    made: drill.Pack, secret: drill.Secret, filled: Path
) -> None:
    path = filled / "一班.xlsx"
    book = openpyxl.load_workbook(path)
    book["解答"]["E9"] = "佐藤さん"
    book["指摘"]["A30"] = "三件目"
    book.save(path)
    (graded,) = drill.grade_folder(made, secret, filled)
    assert any(cell.startswith("解答!E9") for cell in graded.unread)
    assert any(cell.startswith("指摘!A30") for cell in graded.unread)
    assert graded.points == made.points - made.question(3).points


def test_answers_in_the_ways_that_people_write_are_read(made: drill.Pack, secret: drill.Secret, filled: Path) -> None:
    path = filled / "一班.xlsx"
    book = openpyxl.load_workbook(path)
    code = secret.answers[3].values[0]
    book["解答"]["E9"] = code.lower().translate(str.maketrans("s0123456789", "ｓ０１２３４５６７８９"))
    book["解答"]["E10"] = int(secret.answers[4].values[0])  # a number loses its leading zeros
    book.save(path)
    (graded,) = drill.grade_folder(made, secret, filled)
    assert graded.points == made.points


def test_hints_that_were_taken_cost_points(made: drill.Pack, secret: drill.Secret, filled: Path) -> None:
    path = filled / "一班.xlsx"
    book = openpyxl.load_workbook(path)
    book["解答"]["O9"] = book["解答"]["P9"] = "○"
    book.save(path)
    (graded,) = drill.grade_folder(made, secret, filled)
    assert graded.hint_cost == sum(made.question(3).hint_costs[:2])


def test_a_folder_without_workbooks_and_a_file_that_is_none_are_told(
    made: drill.Pack, secret: drill.Secret, tmp_path: Path
) -> None:
    with pytest.raises(MissingError, match="no workbook"):
        drill.grade_folder(made, secret, tmp_path)
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    with pytest.raises(UsageError, match="is no workbook"):
        drill.grade_folder(made, secret, tmp_path)


def test_marks_for_the_free_words_are_given_on_a_sheet_and_stand_in_the_report(
    made: drill.Pack, secret: drill.Secret, filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path, other = filled / "一班.xlsx", tmp_path_factory.mktemp("marks")
    book = openpyxl.load_workbook(path)
    sheet = book["判断と手順"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "その根拠")
    sheet.cell(row, 2).value = "履歴番号を順に挙げた。"
    book.save(path)
    marks = other / "marks.xlsx"
    findings = drill.read_folder(made, filled)
    drill.write_marks(marks, findings, "ja")
    with pytest.raises(ExistsError, match="may hold marks"):
        drill.write_marks(marks, findings, "ja")
    book = openpyxl.load_workbook(marks)
    sheet = book.active
    assert [cell.value for cell in sheet["C"]][1:] == [
        "（記述なし）",
        "履歴番号を順に挙げた。",
        "（記述なし）",
        "（記述なし）",
    ]
    for cell, given in zip(sheet["E"][1:], ("３", 2, 1, "0点"), strict=True):
        cell.value = given
    sheet["F3"] = "第三者も確かめられる"
    book.save(marks)
    (graded,) = drill.grade_folder(made, secret, filled, marks)
    assert [one.rating and one.rating.marks for one in graded.judged] == [3, 2, None, 0]
    assert graded.marks is None
    assert graded.unread == ("記述の評価!E4: '1' → 3 / 2 / 0",)
    sheet["E4"] = 2
    book.save(marks)
    (graded,) = drill.grade_folder(made, secret, filled, marks)
    assert drill.summary_row(graded)["free words"] == "7/12"
    page = drill.report(made, secret, [graded], other)[0].read_text(encoding="utf-8")
    for words in ("7/12", "履歴番号を順に挙げた。", "講評：第三者も確かめられる"):
        assert words in page


def test_the_workbook_is_made_for_people(made: drill.Pack) -> None:
    book = openpyxl.load_workbook(made.path / "evidence" / "workbooks" / "team-1.xlsx")
    log = book["操作履歴"]
    assert log.freeze_panes == "B2"
    assert log.auto_filter.ref.startswith("A1:")
    assert log.max_row <= 20_001
    assert isinstance(log["A2"].value, str)
    assert log["C2"].value.startswith("S")
    assert book["解答"].data_validations.dataValidation
