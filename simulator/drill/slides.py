"""The slides of the briefing and the debrief, with notes for the speaker. They tell nothing of the truth.

Needs the extra ``excel`` (python-pptx).
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator import storage
from simulator.drill.office_file import steady
from simulator.drill.pack import Manifest
from simulator.drill.spec import DrillSpec, Text, common
from simulator.errors import UsageError

_FONT = "Noto Sans CJK JP"
_INK, _ACCENT = "1D2A35", "0B4F8A"
_WIDE, _HIGH = 13.333, 7.5
Slide = tuple[str, Sequence[str], str]
"""Title, points, notes."""


def write_slides(path: Path, drill: DrillSpec, manifest: Manifest) -> None:
    """Write the slides to `path`; the same drill gives the same bytes.

    Raises:
        UsageError: the extra is not installed.
    """
    try:
        import pptx  # noqa: PLC0415 - in an extra
        from pptx.util import Inches  # noqa: PLC0415 - in an extra
    except ImportError as error:
        raise UsageError("slides need the extra `excel`: pip install 'jukisim[excel]'") from error
    show = pptx.Presentation()
    show.slide_width, show.slide_height = Inches(_WIDE), Inches(_HIGH)
    for title, points, notes in _slides(drill, manifest):
        _add(show, title, points, notes)
    content = io.BytesIO()
    show.save(content)
    storage.write_bytes(path, steady(content.getvalue()))


def _slides(drill: DrillSpec, manifest: Manifest) -> list[Slide]:
    shared, lang = common(), manifest.lang

    def t(text: Text) -> str:
        return text.of(lang)

    def w(word: str) -> str:
        return shared.words[word].of(lang)

    clock = [f"{t(p.title)}　{manifest.phases[p.key]}{w('min')}　{t(p.doing)}" for p in shared.phases]
    return [
        (
            t(drill.title),
            [
                w("book_title"),
                f"{manifest.minutes}{w('min')}",
                f"{manifest.teams}{w('teams_unit')} × {manifest.team}{w('people_unit')}",
            ],
            w("notes_title"),
        ),
        (w("what_you_know"), [t(text) for text in drill.brief], w("notes_brief")),
        (w("timetable"), clock, w("notes_time")),
        (
            w("what_you_have"),
            [f"{t(card.title)}　{t(card.points[0])}" for card in shared.evidence],
            w("notes_evidence"),
        ),
        (w("role_cards"), [f"{t(card.title)}　{t(card.points[0])}" for card in shared.roles], w("notes_roles")),
        (w("rules"), [t(rule) for rule in shared.rules], w("notes_rules")),
        (w("debrief_title"), [w(f"debrief_{step}") for step in range(1, 5)], w("notes_debrief")),
        (w("scale"), [f"{t(card.title)}　{t(card.points[0])}" for card in shared.scale], w("notes_scale")),
        (w("improve"), [w("improve_1"), w("improve_2"), w("improve_3")], w("notes_improve")),
    ]


def _add(show: Any, title: str, points: Sequence[str], notes: str) -> None:
    from pptx.util import Inches  # noqa: PLC0415 - in an extra

    slide = show.slides.add_slide(show.slide_layouts[6])
    head = slide.shapes.add_textbox(Inches(0.7), Inches(0.5), Inches(_WIDE - 1.4), Inches(1.0)).text_frame
    _write(head, title, 32, _ACCENT, bold=True)
    body = slide.shapes.add_textbox(Inches(0.7), Inches(1.7), Inches(_WIDE - 1.4), Inches(_HIGH - 2.2)).text_frame
    size = 24 if sum(map(len, points)) < 260 else 18 if sum(map(len, points)) < 620 else 15  # noqa: PLR2004 - fits a slide
    for number, point in enumerate(points):
        _write(body, point, size, _INK, first=number == 0)
    slide.notes_slide.notes_text_frame.text = notes


def _write(frame: Any, text: str, size: int, colour: str, *, bold: bool = False, first: bool = True) -> None:
    from pptx.dml.color import RGBColor  # noqa: PLC0415 - in an extra
    from pptx.util import Pt  # noqa: PLC0415 - in an extra

    frame.word_wrap = True
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    paragraph.space_after = Pt(size / 2)
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
    run.font.color.rgb = RGBColor.from_string(colour)  # type: ignore[no-untyped-call]
    _east_asian(run)


def _east_asian(run: Any) -> None:
    """The typeface of Japanese text, which the library does not set."""
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - no public way
    for name in ("a:ea", "a:cs"):
        from pptx.oxml.ns import qn  # noqa: PLC0415 - in an extra

        element = properties.makeelement(qn(name), {"typeface": _FONT})
        properties.append(element)
