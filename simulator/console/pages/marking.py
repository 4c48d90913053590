"""The facilitator marks the free words of the teams by the rubric: one criterion after the other, over all teams."""

from functools import partial

from nicegui import ui

from simulator.console.pages.here import Here, section
from simulator.console.progress import Team
from simulator.drill.spec import Criterion, common

_LOOK_S = 2.0


def build(here: Here) -> None:
    """The page; it is built anew when a team hands in or gets its work back, never while marks are given."""
    shown = ui.refreshable(_page)
    shown(here)
    stood = [_standing(here)]

    def look() -> None:
        if _standing(here) != stood[0]:
            stood[0] = _standing(here)
            shown.refresh()

    ui.timer(_LOOK_S, look)


def _standing(here: Here) -> list[tuple[bool, dict[int, str]]]:
    """What the page shows of the teams, their marks left out."""
    return [(team.handed_in is not None, dict(team.judgement)) for team in here.room.progress.teams.values()]


def _page(here: Here) -> None:
    t, teams = here.t, here.room.progress.teams.values()
    words = t(
        "基準ごとに全班の記述を並べています。評点はその場で記録され、設問の得点とは別に報告書へ載ります。",
        "Criterion by criterion, all teams side by side. Marks are kept at once and stand in the report apart from the"
        " points for questions.",
    )
    section(t("記述の評価", "Marking of the free words"), words)
    waiting = [team.name for team in teams if team.handed_in is None]
    if waiting:
        ui.label(t(f"提出待ち: {'、'.join(waiting)}", f"Not handed in: {', '.join(waiting)}")).classes("jk-note")
    for number, criterion in enumerate(common().rubric, start=1):
        _criterion(here, number, criterion)


def _criterion(here: Here, number: int, criterion: Criterion) -> None:
    with ui.column().classes("jk-card").props(f'role="group" aria-label="{criterion.title.of(here.lang)}"'):
        section(f"{number}　{criterion.title.of(here.lang)}")
        with ui.element("ul").classes("jk-scale"):
            for point in criterion.points:
                with ui.element("li"):
                    ui.label(point.of(here.lang))
        with ui.element("div").classes("jk-cols"):
            for team in here.room.progress.teams.values():
                if team.handed_in is not None:
                    _team(here, number, criterion, team)


def _team(here: Here, number: int, criterion: Criterion, team: Team) -> None:
    t, given = here.t, team.ratings.get(number)
    with ui.column().classes("w-full jk-marked"):
        ui.label(team.name).classes("text-bold")
        ui.label(team.judgement.get(number) or t("（記述なし）", "(nothing written)")).classes("jk-said")
        with ui.row().classes("jk-row"):
            scale = {mark: t(f"{mark}点", str(mark)) for mark in criterion.marks}
            marks = ui.radio(scale, value=given.marks if given else None).props("inline dense")
            marks.props(f'data-marks="{number}-{team.name}" aria-label="{t("評点", "Marks")}"')
            remark = ui.input(t("講評（任意）", "Remark (if any)"), value=given.remark if given else "")
            remark.props(f'outlined dense debounce=500 data-remark="{number}-{team.name}"').classes("jk-grow")
        for field in (marks, remark):
            field.on_value_change(partial(_rate, here, number, team.name, marks, remark))


def _rate(here: Here, number: int, team: str, marks: ui.radio, remark: ui.input, _: object) -> None:
    """Keep the marks; a remark alone waits for them."""
    if marks.value is not None:
        with here.telling(here.t("記録しました", "Kept")):
            here.room.rate(team, number, int(marks.value), remark.value or "")
