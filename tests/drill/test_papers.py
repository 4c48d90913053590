import dataclasses
import re
import zipfile
from pathlib import Path

import docx
import polars as pl
import pytest
from ctfcli.core.challenge import Challenge

from simulator import drill
from simulator.drill.export import export
from simulator.drill.papers import write_guide
from simulator.errors import ExistsError, UnknownNameError


@pytest.fixture
def graded(made: drill.Pack, secret: drill.Secret) -> list[drill.Grade]:
    right = {n: a.values for n, a in secret.answers.items()}
    marks = tuple(drill.Mark(event_id=event, minute=9) for event in secret.misuse_event_ids)
    innocent = made.evidence.staff["staff_code"][0]
    return [
        drill.grade(made, secret, drill.Findings(team="甲班", answers=right, marks=marks)),
        drill.grade(
            made, secret, drill.Findings(team="乙班", accused=(innocent,), unread=("解答!E9: 'x' → S0123456",))
        ),
    ]


def test_the_report_says_on_its_first_page_what_a_superior_needs(
    made: drill.Pack, secret: drill.Secret, graded: list[drill.Grade], tmp_path: Path
) -> None:
    page, document = drill.report(made, secret, graded, tmp_path)
    text = page.read_text(encoding="utf-8")
    first = text.split('<h2 class="page">')[0]
    for word in ("何を訓練したか", "見つけた", "見逃した", "誤って疑った", "三つの改善", "課長"):
        assert word in first
    assert graded[1].wrongly_accused[0] in first
    assert "解答!E9" in text
    for baseline in ("規則", "同僚との比較", "理由の説明"):
        assert baseline in text
    words = " ".join(paragraph.text for paragraph in docx.Document(str(document)).paragraphs)
    assert "何を訓練したか" in words


def test_the_guide_holds_every_answer_and_the_clock(made: drill.Pack, secret: drill.Secret, tmp_path: Path) -> None:
    text = write_guide(made, secret, tmp_path)[0].read_text(encoding="utf-8")
    for answer in secret.answers.values():
        assert "、".join(answer.values) in text
    assert len(re.findall("状況付与：", text)) == len(secret.injects)


def test_slides_have_notes_and_no_answer(made: drill.Pack, secret: drill.Secret) -> None:
    with zipfile.ZipFile(made.path / "slides.pptx") as slides:
        notes = [name for name in slides.namelist() if name.startswith("ppt/notesSlides/notesSlide")]
        text = b"".join(slides.read(name) for name in slides.namelist()).decode("utf-8", errors="ignore")
    assert len(notes) == 9
    assert secret.answers[4].values[0] not in text


def test_exported_challenges_pass_ctfds_own_lint(made: drill.Pack, secret: drill.Secret, tmp_path: Path) -> None:
    paths = export(made, secret, "ctfd", tmp_path / "ctfd")
    assert len(paths) == len(made.questions)
    for path in paths:
        challenge = Challenge(path)
        assert challenge.lint(skip_hadolint=True)
        flag = challenge["flags"][0]["content"]
        number = int(challenge["name"].split()[0])
        assert re.fullmatch(flag, ", ".join(secret.answers[number].values), re.IGNORECASE)
        assert challenge["hints"][2]["requirements"] == ["step-2"]


def test_scoreboard_files_hold_questions_answers_and_hints(
    made: drill.Pack, secret: drill.Secret, tmp_path: Path
) -> None:
    export(made, secret, "bots", tmp_path / "bots")
    hints = pl.read_csv(tmp_path / "bots" / "ctf_hints.csv")
    assert hints.columns == ["Number", "HintNumber", "Hint", "HintCost"]
    assert hints.height == 3 * len(made.questions)
    assert pl.read_csv(tmp_path / "bots" / "ctf_answers.csv").height == len(made.questions)


def test_the_plain_folder_keeps_teams_and_facilitator_apart(
    made: drill.Pack, secret: drill.Secret, tmp_path: Path
) -> None:
    export(made, secret, "folder", tmp_path / "plain")
    handed = {path.name for path in (tmp_path / "plain" / "teams").rglob("*")}
    assert {"brief.html", "team-1.xlsx", "slides.pptx"} <= handed
    assert not {"guide.html", "injects.html"} & handed
    with pytest.raises(ExistsError):
        export(made, secret, "folder", tmp_path / "plain")
    with pytest.raises(UnknownNameError, match="ctfd"):
        export(made, secret, "moodle", tmp_path / "other")


def test_an_empty_sheet_does_not_count_as_the_conclusion_that_nothing_happened(
    made: drill.Pack, secret: drill.Secret, tmp_path: Path
) -> None:
    quiet = dataclasses.replace(secret, labels=secret.labels.head(0))
    empty = drill.grade(made, quiet, drill.Findings(team="丙班"))
    page = drill.report(made, quiet, [empty], tmp_path)[0].read_text(encoding="utf-8")
    assert "正しく「なし」と結論した班：なし" in page
