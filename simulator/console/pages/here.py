"""Who looks at a page, in which language, and how a refusal is told."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nicegui import ElementFilter, ui

from simulator.clock import from_ms
from simulator.console.frames import Frames
from simulator.console.room import NotNowError, Room, Seat
from simulator.console.words import Tongue, column, tongue, value

MARKS = {"misuse": "●", "watch": "▲", "lawful": "○"}
"""Verdict → sign; the shape tells what the colour tells."""


@dataclass(frozen=True)
class Here:
    """One browser at one page."""

    room: Room
    seat: Seat
    lang: str

    @cached_property
    def t(self) -> Tongue:
        """Picks of two texts the one to show."""
        return tongue(self.lang)

    @property
    def frames(self) -> Frames:
        """The evidence."""
        return self.room.frames

    def column(self, name: str) -> str:
        """The title of a column."""
        return column(name, self.lang)

    def value(self, name: str, raw: object) -> str:
        """A value as people read it: places by their title, codes by theirs."""
        if name in {"section", "office", "terminal"} and raw:
            return self.frames.title(str(raw))
        return value(name, raw, self.lang)

    def verdict(self, verdict: str) -> str:
        """A verdict in words, with its sign."""
        words = {
            "misuse": self.t("不正の疑い", "misuse"), "watch": self.t("要確認", "to be checked"),
            "lawful": self.t("正当", "lawful"),
        }  # fmt: skip
        return f"{MARKS[verdict]} {words[verdict]}"

    def staff(self, code: str) -> str:
        """Number and name of a member of staff."""
        return f"{code} {self.frames.staff_name(code)}".strip()

    def person(self, number: str) -> str:
        """Number and name of a person."""
        return f"{number} {self.frames.person_name(number)}".strip()

    @contextlib.contextmanager
    def telling(self, done: str = "") -> Iterator[None]:
        """Tell a refusal where it is seen; otherwise that it is `done`."""
        try:
            yield
        except NotNowError as refusal:
            ui.notify(self.t(refusal.ja, refusal.en), type="warning", position="top")
        else:
            if done:
                ui.notify(done, type="positive", position="bottom", timeout=1200)


def again() -> None:
    """Build the page anew, after something on it changed."""
    for pages in ElementFilter(kind=ui.sub_pages):
        pages.refresh()


def when(at: Any) -> str:
    """An instant of the evidence to the minute; empty for none."""
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else ""


def office_time(at_ms: int) -> str:
    """An instant of the office in live mode."""
    return f"{from_ms(at_ms):%m-%d %H:%M}"


def clock(minutes: float) -> str:
    """Minutes as 12:05; what is over time has a minus."""
    seconds = int(abs(minutes) * 60)
    return f"{'−' if minutes < 0 else ''}{seconds // 60}:{seconds % 60:02d}"


def link_to(text: str, target: str) -> ui.link:
    """A link inside the console."""
    return ui.link(text, target).classes("jk-link")


def facts(pairs: list[tuple[str, str]]) -> None:
    """Names and values in two columns."""
    with ui.element("dl").classes("jk-facts"):
        for name, text in pairs:
            with ui.element("dt"):
                ui.label(name)
            with ui.element("dd"):
                ui.label(text)


def section(title: str, hint: str = "") -> None:
    """A heading inside a page, with a word on what is seen there."""
    ui.label(title).classes("jk-h2").props('role="heading" aria-level="2"')
    if hint:
        ui.label(hint).classes("jk-hint")


def button(text: str, act: Callable[[], Any], **props: str) -> ui.button:
    """A plain button that is well seen and reached by the tab key."""
    made = ui.button(text, on_click=act).props("no-caps unelevated dense").classes("jk-button")
    for name, given in props.items():
        made.props(f'{name}="{given}"')
    return made


def quiet(text: str, act: Callable[[], Any]) -> ui.button:
    """A button of second rank."""
    return ui.button(text, on_click=act).props("no-caps outline dense color=primary").classes("jk-button")
