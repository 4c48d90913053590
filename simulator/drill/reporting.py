"""The report after the exercise: HTML in A4, and an editable document whose first page stands alone."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator import storage
from simulator.drill.grading import Grade, Search, marks_max
from simulator.drill.office_file import steady
from simulator.drill.pack import Pack
from simulator.drill.page import shown, write_page
from simulator.drill.secret import Secret
from simulator.drill.spec import DrillSpec, Text, common, load
from simulator.errors import UsageError

HTML, DOCUMENT = "report.html", "report.docx"
_FONT = "Noto Sans CJK JP"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the first page and what it is."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a superior reads: found, missed, wrongly suspected."""

    found: str
    missed: str
    wrongly: str


def report(pack: Pack, secret: Secret, grades: Sequence[Grade], folder: Path, *, lang: str | None = None) -> list[Path]:
    """Write ``report.html`` and ``report.docx`` into `folder`.

    Raises:
        UsageError: no team was graded, or the extra is not installed.
        StorageError: the disk would not take it.
    """
    if not grades:
        raise UsageError("no team was graded; there is nothing to report")
    drill, spoken = load(secret.drill), lang or pack.manifest.lang
    words = _Words(spoken)
    facts, summary = _facts(grades, words), _summary(grades, secret, words)
    write_page(
        folder / HTML, "report.html.j2", spoken, drill=drill, manifest=pack.manifest, questions=pack.questions,
        grades=grades, secret=secret, marks_max=marks_max(), facts=facts, summary=summary,
        improvements=drill.lessons[:3],
    )  # fmt: skip
    content = _document(_Told(drill, pack, tuple(grades), secret, tuple(facts), summary, words))
    storage.write_bytes(folder / DOCUMENT, steady(content))
    return [folder / HTML, folder / DOCUMENT]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words in one language."""

    lang: str

    def __call__(self, word: str | Text) -> str:
        return (common().words[word] if isinstance(word, str) else word).of(self.lang)


@dataclass(frozen=True, slots=True)
class _Told:
    """All that the document is made of."""

    drill: DrillSpec
    pack: Pack
    grades: tuple[Grade, ...]
    secret: Secret
    facts: tuple[Fact, ...]
    summary: Summary
    t: _Words


def share(value: float | None) -> str:
    """A share in per cent."""
    return "—" if value is None else f"{100 * value:.0f}%"


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _facts(grades: Sequence[Grade], t: _Words) -> list[Fact]:
    points = _mean(g.points for g in grades)
    best = max(grades, key=lambda g: g.points)
    return [
        Fact(f"{points:.0f}/{grades[0].points_max}", t("mean_points")),
        Fact(f"{best.points}", f"{t('best')} {best.team}"),
        Fact(share(_mean(g.search.precision for g in grades)), t("precision")),
        Fact(share(_mean(g.search.recall for g in grades)), t("recall")),
        Fact(str(sum(len(g.wrongly_accused) for g in grades)), t("wrongly_short")),
        *_marks_fact(grades, t),
    ]


def _marks_fact(grades: Sequence[Grade], t: _Words) -> list[Fact]:
    mean = _mean(g.marks for g in grades)
    return [] if mean is None else [Fact(f"{mean:g}/{marks_max()}", t("mean_marks"))]


def _summary(grades: Sequence[Grade], secret: Secret, t: _Words) -> Summary:
    """In words: which teams found what, whom nobody named, who was named without cause."""
    guilty = sorted(set(secret.labels.filter(secret.labels["kind"] == "misuse")["staff_code"].drop_nulls().to_list()))
    named = {code: [g.team for g in grades if code not in g.missed] for code in guilty}
    if not guilty:
        clean = [g for g in grades if not g.wrongly_accused and not g.search.wrong]
        calm = [g.team for g in clean if any(line.right for line in g.lines)]  # an empty sheet concludes nothing
        found = t("quiet_found").format(teams=_list(calm) or t("nobody"))
    else:
        found = _list(f"{code}（{_list(teams)}）" for code, teams in named.items() if teams) or t("nobody")
    missed = _list(code for code, teams in named.items() if not teams) or t("nobody")
    wrong = _list(f"{code}（{g.team}）" for g in grades for code in g.wrongly_accused) or t("nobody")
    return Summary(found, missed, wrong)


def _list(parts: Iterable[str]) -> str:
    found = list(parts)
    return "、".join(found[:12]) + (f" +{len(found) - 12}" if len(found) > 12 else "")  # noqa: PLR2004 - a line


def _document(told: "_Told") -> bytes:
    try:
        import docx  # noqa: PLC0415 - in an extra
    except ImportError as error:
        raise UsageError("the document needs the extra `excel`: pip install 'jukisim[excel]'") from error
    paper: Any = docx.Document()
    t, pack, secret, drill = told.t, told.pack, told.secret, told.drill
    _style(paper)
    _first_page(paper, told)
    paper.add_page_break()
    _figures(paper, told.grades, t)
    _judgement(paper, told.grades, t)
    paper.add_heading(t("clues"), 1)
    for question in pack.questions:
        paper.add_heading(f"{t('number')}{question.number} {t(question.text)}", 2)
        paper.add_paragraph(f"{t('answer')}：{shown(secret.answers[question.number].values, t.lang)}")
        paper.add_paragraph(t(secret.answers[question.number].path))
    paper.add_heading(t("what_happened"), 1)
    for text in (drill.story, *secret.story, drill.sanction):
        paper.add_paragraph(t(text))
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()


def _style(paper: Any) -> None:
    """A4, a typeface with Japanese, dark headings."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - in an extra
    from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415 - in an extra

    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(16)
    for name, size in (("Normal", 10), ("Title", 20), ("Heading 1", 13), ("Heading 2", 10.5)):
        style = paper.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(kind), _FONT)
        for kind in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme"):
            fonts.attrib.pop(qn(kind), None)
        style.paragraph_format.space_after = Pt(3)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x0B, 0x4F, 0x8A)


def _first_page(paper: Any, told: "_Told") -> None:
    t, drill = told.t, told.drill
    paper.add_heading(t("report"), 0)
    manifest = told.pack.manifest
    about = f"{t(drill.title)} · {t('level')} {manifest.difficulty} · {manifest.minutes}{t('min')}"
    paper.add_paragraph(f"{about} · {len(told.grades)}{t('teams_unit')}")
    paper.add_heading(t("practised"), 1)
    for text in drill.aims:
        paper.add_paragraph(t(text), style="List Bullet")
    _table(paper, [[fact.label for fact in told.facts], [fact.value for fact in told.facts]])
    found = told.summary
    rows = (("found", found.found), ("missed", found.missed), ("wrongly", found.wrongly))
    _table(paper, [[t(word), text] for word, text in rows], widths=(35, 135), head=False)
    paper.add_heading(t("three_improvements"), 1)
    head = ["", t("improvement"), t("who"), t("by_when"), t("done")]
    lines = [[str(number), t(text), "", "", "□"] for number, text in enumerate(drill.lessons[:3], start=1)]
    _table(paper, [head, *lines], widths=(8, 92, 30, 25, 15))
    _table(paper, [[t(word) for word in ("sign_officer", "sign_head", "sign_director")], ["\n", "", ""]])


def _figures(paper: Any, grades: Sequence[Grade], t: _Words) -> None:
    paper.add_heading(t("teams_beside_machines"), 1)
    paper.add_paragraph(t("budget_note"))
    head = [t(word) for word in ("team", "points", "budget", "precision", "recall", "first_true", "wrongly_short")]
    rows = [head]
    for grade in grades:
        minutes = "—" if grade.minutes_to_first_true is None else f"{grade.minutes_to_first_true:g}{t('min')}"
        rows.append([
            grade.team, f"{grade.points}/{grade.points_max}", *_searched(grade.search), minutes,
            str(len(grade.wrongly_accused)),
        ])  # fmt: skip
        rows += [[f"  {t(f'baseline_{n}')}", "—", *_searched(s), "—", "—"] for n, s in grade.baselines.items()]
    _table(paper, rows, widths=(50, 20, 20, 20, 20, 20, 20))


def _judgement(paper: Any, grades: Sequence[Grade], t: _Words) -> None:
    """The rubric with the facilitator's marks, or room for them; then words and remarks."""
    paper.add_heading(t("judgement_marks"), 1)
    rows = [[t("criterion"), *(g.team for g in grades)]]
    for place, criterion in enumerate(common().rubric):
        ratings = [g.judged[place].rating for g in grades]
        best = max(criterion.marks)
        rows.append([t(criterion.title), *(f"{'　' if r is None else r.marks}/{best}" for r in ratings)])
    rows.append([t("marks_total"), *(f"{'　' if g.marks is None else g.marks}/{marks_max()}" for g in grades)])
    _table(paper, rows)
    for place, criterion in enumerate(common().rubric):
        said = [(g.team, g.judged[place]) for g in grades if g.judged[place].words]
        if said:
            paper.add_heading(t(criterion.title), 2)
        for team, one in said:
            remark = f"\n{t('remark')}：{one.rating.remark}" if one.rating and one.rating.remark else ""
            paper.add_paragraph(f"{team}：{one.words}{remark}")


def _searched(search: Search) -> list[str]:
    return [str(search.budget), share(search.precision), share(search.recall)]


def _table(paper: Any, rows: Sequence[Sequence[str]], widths: Sequence[int] = (), *, head: bool = True) -> None:
    from docx.shared import Mm  # noqa: PLC0415 - in an extra

    table = paper.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = not widths
    for column, width in zip(table.columns, widths, strict=False):
        column.width = Mm(width)
    for line, values in zip(table.rows, rows, strict=True):
        for place, (cell, value) in enumerate(zip(line.cells, values, strict=True)):
            cell.text = value
            if widths:
                cell.width = Mm(widths[place])
    bold = table.rows[0].cells if head else [row.cells[0] for row in table.rows]
    for cell in bold:
        for run in cell.paragraphs[0].runs:
            run.font.bold = True
    paper.add_paragraph()
