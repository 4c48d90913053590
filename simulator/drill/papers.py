"""The papers of a drill: what teams get, and what the facilitator opens. HTML with the print style of A4."""

from dataclasses import dataclass
from pathlib import Path

from simulator.drill.pack import Manifest, Pack, Question
from simulator.drill.page import write_page
from simulator.drill.secret import Secret
from simulator.drill.slides import write_slides
from simulator.drill.spec import DrillSpec, Text, common, load

TEAM_PAGES = ("brief", "roles", "questions", "rubric")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the facilitator's clock: minute from the beginning, and what happens."""

    start: int
    title: Text
    minutes: int | None
    doing: Text


def write_papers(drill: DrillSpec, manifest: Manifest, questions: tuple[Question, ...], folder: Path) -> None:
    """Write what teams get: brief, role cards, questions, rubric and the slides; nothing of the truth."""
    for name in TEAM_PAGES:
        page = folder / f"{name}.html"
        write_page(page, f"{name}.html.j2", manifest.lang, drill=drill, manifest=manifest, questions=questions)
    write_slides(folder / "slides.pptx", drill, manifest)


def write_guide(pack: Pack, secret: Secret, folder: Path) -> list[Path]:
    """Write what the facilitator needs into `folder`: the guide with answers, and the injects to hand out."""
    drill, lang = load(secret.drill), pack.manifest.lang
    values = {"drill": drill, "secret": secret, "questions": pack.questions, "clock": clock(pack.manifest, secret)}
    paths = [folder / "guide.html", folder / "injects.html"]
    for path in paths:
        write_page(path, f"{path.stem}.html.j2", lang, **values)
    return paths


def clock(manifest: Manifest, secret: Secret) -> list[Row]:
    """Phases and injects in order of time; injects keep their place in a search of another length."""
    rows, start, words = [], 0, common().words
    planned = next(phase.share for phase in common().phases if phase.key == "search")
    for phase in common().phases:
        minutes = manifest.phases[phase.key]
        rows.append(Row(start, phase.title, minutes, phase.doing))
        if phase.key == "search":
            for inject in secret.injects:
                at = start + round(inject.minute * minutes / planned)
                title = Text(
                    ja=f"{words['inject_phase'].ja}：{inject.title.ja}",
                    en=f"{words['inject_phase'].en}: {inject.title.en}",
                )
                rows.append(Row(at, title, None, inject.expect))
        start += minutes
    return rows
