"""What every page has: the head with title and clock, the way to the other pages, news when they come."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import events, ui

from simulator.console.pages import closer, log, marking, team
from simulator.console.pages.facilitator import FacilitatorPage
from simulator.console.pages.here import Here, clock, office_time

CSS = Path(__file__).with_name("console.css")
_TEAM = (
    ("/log", "操作履歴", "Audit log", "1"), ("/person", "住民", "Person", "2"), ("/operator", "職員", "Operator", "3"),
    ("/marks", "記録・嫌疑者", "Marks", "4"), ("/requests", "調査手続", "Inquiry", "5"),
    ("/questions", "設問・ヒント", "Questions", "6"), ("/messages", "連絡", "Messages", "7"),
    ("/hand-in", "提出", "Hand in", "8"),
)  # fmt: skip
_FACILITATOR = (
    ("/facilitator", "進行", "The drill", "1"),
    ("/person", "住民", "Person", "2"),
    ("/operator", "職員", "Operator", "3"),
    ("/marking", "記述の評価", "Marking", "4"),
)


class Shell:
    """One browser's frame around the pages."""

    def __init__(self, here: Here, report: Callable[[], list[Path]]) -> None:
        """Build the head, the navigation and the pages."""
        self.here, self.report = here, report
        self.told = self._latest()
        self.stood = self._standing()
        ui.colors(primary="#0b4f8a")
        ui.add_css(CSS.read_text(encoding="utf-8"))
        self._head()
        with ui.row().classes("jk-body"):
            self._nav()
            with ui.column().classes("jk-main").props('role="main"'):
                ui.sub_pages(self._routes())
        ui.keyboard(on_key=self._key)
        ui.timer(1.0, self._tick)

    def _head(self) -> None:
        here, t = self.here, self.here.t
        with ui.row().classes("jk-head items-center").props('role="banner"'):
            ui.label(here.room.pack.manifest.title.of(here.lang)).classes("jk-title")
            ui.space()
            self.office = ui.label().classes("text-bold")
            self.state = ui.label()
            self.clock = ui.label().classes("jk-clock").props('id="clock" role="timer"')
            who = here.seat.team or t("進行役", "Facilitator")
            ui.label(f"{who}　{here.seat.member}").props('id="who"')
            ui.link("English" if here.lang == "ja" else "日本語", f"/language/{'en' if here.lang == 'ja' else 'ja'}")
            ui.link(t("退室", "Leave"), "/leave")
        self._tick()

    def _nav(self) -> None:
        pages = _FACILITATOR if self.here.seat.facilitator else _TEAM
        self.links: dict[str, ui.link] = {}
        with ui.column().classes("jk-nav").props('role="navigation"'):
            for path, ja, en, key in pages:
                with ui.link(target=path) as made:
                    ui.label(self.here.t(ja, en))
                    ui.html(f"<kbd>Alt {key}</kbd>", sanitize=False)
                self.links[path] = made
        self._here(ui.context.client.request.url.path if ui.context.client.request else "")
        ui.context.client.sub_pages_router.on_path_changed(self._here)

    def _here(self, path: str) -> None:
        for target, made in self.links.items():
            now = path == target or path.startswith(f"{target}/") or (path == "/" and target == next(iter(self.links)))
            made.classes(add="here") if now else made.classes(remove="here")

    def _routes(self) -> dict[str, Callable[..., Any]]:
        here, t = self.here, self.here.t
        person = t("住民を探す", "Find a person"), t("宛名番号か氏名", "number or name"), "person"
        operator = t("職員を探す", "Find an operator"), t("職員番号か氏名", "number or name"), "operator"
        common: dict[str, Callable[..., Any]] = {
            "/person": lambda: closer.chooser(here, *person),
            "/person/{number}": lambda number: closer.person(here, number),
            "/operator": lambda: closer.chooser(here, *operator),
            "/operator/{code}": lambda code: closer.operator(here, code),
            "/operator/{code}/{day}": lambda code, day: closer.operator(here, code, day),
            "/link/{code}/{number}": lambda code, number: closer.link(here, code, number),
        }  # fmt: skip
        if here.seat.facilitator:
            run = partial(FacilitatorPage, here, self.report)
            return {"/": run, "/facilitator": run, "/marking": lambda: marking.build(here), **common}
        return {"/": lambda: log.build(here), "/log": lambda: log.build(here), **self._own(), **common}

    def _own(self) -> dict[str, Callable[..., Any]]:
        here = self.here
        return {
            "/marks": lambda: team.marks(here), "/questions": lambda: team.questions(here),
            "/requests": lambda: team.requests(here),
            "/requests/{what}/{target}": lambda what, target: team.requests(here, what, target),
            "/messages": lambda: team.messages(here), "/hand-in": lambda: team.hand_in(here),
        }  # fmt: skip

    def _key(self, event: events.KeyEventArguments) -> None:
        if event.action.keydown and event.modifiers.alt and event.key.name.isdecimal():
            place = int(event.key.name) - 1
            if 0 <= place < len(self.links):
                ui.navigate.to(list(self.links)[place])

    def _tick(self) -> None:
        room, t = self.here.room, self.here.t
        left = room.progress.minutes - room.minute
        self.clock.text = clock(left)
        self.clock.classes(add="late") if left < 0 else self.clock.classes(remove="late")
        self.state.text = t(*self._words())
        office = room.office_ms
        self.office.text = "" if office is None else t(f"庁内 {office_time(office)}", f"Office {office_time(office)}")
        if not self.here.seat.facilitator:
            self._news()

    def _words(self) -> tuple[str, str]:
        progress = self.here.room.progress
        if progress.finished:
            return "終了", "Over"
        if not progress.started:
            return "開始前", "Not begun"
        return ("残り", "Left") if progress.running else ("一時停止中", "Paused")

    def _latest(self) -> int:
        found = self.here.room.progress.messages_of(self.here.seat.team)
        return found[0].number if found else 0

    def _standing(self) -> tuple[bool, bool]:
        return self.here.room.progress.started, self.here.room.progress.finished

    def _news(self) -> None:
        latest, t = self._latest(), self.here.t
        if latest > self.told:
            self.told = latest
            ui.notify(t("新しい連絡が届きました。「連絡」をご覧ください。", "A new message: see Messages."),
                      type="info", position="top", timeout=8000, close_button=t("閉じる", "Close"))  # fmt: skip
        if self._standing() != self.stood:
            self.stood = self._standing()
            ui.navigate.reload()
