"""One event in full, at the side of the log: every item, the case it names, and the team's mark."""

from collections.abc import Callable
from typing import Any

import numpy as np
from nicegui import ui

from simulator.console import search
from simulator.console.pages.here import Here, button, facts, link_to, quiet, section, when
from simulator.schema import EVENT

_ITEMS = tuple(
    name for name in EVENT.names if name not in {"actor", "resident", "household", "search_token", "my_number"}
)


class Detail:
    """The panel; one event at a time."""

    def __init__(self, here: Here, changed: Callable[[], None]) -> None:
        """Build it, hidden; `changed` is called when a mark was."""
        self.here, self.changed = here, changed
        self.row: dict[str, Any] = {}
        self.panel = ui.column().classes("jk-detail").props('role="region" id="detail"')
        self.panel.visible = False

    @property
    def shown(self) -> bool:
        """Whether an event is shown."""
        return bool(self.panel.visible)

    def open(self, event_id: int) -> None:
        """Show the event."""
        row = self.here.frames.event_rows[event_id]
        self.row = search.told(self.here.frames, np.array([row]), self.here.frames.events.columns[:-3])[0]
        self.panel.visible = True
        self._fill()

    def close(self) -> None:
        """Hide it."""
        self.panel.visible = False

    def _fill(self) -> None:
        t, row = self.here.t, self.row
        self.panel.clear()
        with self.panel:
            with ui.row().classes("jk-row"):
                section(t(f"履歴 {row['event_id']}", f"Event {row['event_id']}"))
                ui.space()
                quiet(t("閉じる (Esc)", "Close (Esc)"), self.close)
            self._marking()
            with ui.row().classes("jk-row"):
                link_to(self.here.staff(row["staff_code"]), f"/operator/{row['staff_code']}")
                if row["person_no"]:
                    link_to(self.here.person(row["person_no"]), f"/person/{row['person_no']}")
                    link_to(t("二人の関係", "Their link"), f"/link/{row['staff_code']}/{row['person_no']}")
            self._case()
            facts([(self.here.column(name), self.here.value(name, row.get(name))) for name in self._items()])

    def _items(self) -> list[str]:
        return [
            n for n in ("staff_code", "person_no", "household_no", *_ITEMS, "off_duty") if self.row.get(n) is not None
        ]

    def _case(self) -> None:
        t, number = self.here.t, self.row["case_no"]
        if number is None:
            ui.label(t("受付番号の記載がありません。", "No case number is stated.")).classes("jk-hint")
            return
        place = self.here.frames.case_rows.get(number)
        if place is None:
            words = t(f"受付番号 {number} は受付簿にありません。", f"Case {number} is not in the case list.")
            ui.label(words).classes("jk-note")
            return
        case = self.here.frames.cases.row(place, named=True)
        whom = self.here.person(case["person_no"]) if case["person_no"] else "―"
        words = (
            f"{number}　{self.here.value('purpose', case['purpose'])}　{self.here.value('section', case['section'])}"
        )
        ui.label(t("受付簿: ", "Case list: ") + words).classes("jk-said")
        ui.label(f"{t('対象者', 'Concerns')}: {whom}　{when(case['opened'])} – {when(case['closed'])}").classes(
            "jk-hint"
        )

    def _marking(self) -> None:
        t, room, seat = self.here.t, self.here.room, self.here.seat
        mark = room.team(seat).marks.get(self.row["event_id"])
        self.reason = ui.input(t("そう考える理由", "Why you think so"), value=mark.reason if mark else "")
        self.reason.props('outlined dense data-field="reason"').classes("w-full")
        with ui.row().classes("jk-row"):
            button(self.here.verdict("misuse"), lambda: self.mark("misuse"), color="deep-orange-10")
            quiet(self.here.verdict("watch"), lambda: self.mark("watch"))
            quiet(self.here.verdict("lawful"), lambda: self.mark("lawful"))
            if mark:
                quiet(t("記録を消す", "Remove mark"), self.unmark)
        if mark:
            by = t(
                f"{mark.member} が {mark.minute:.0f} 分に記録", f"marked by {mark.member} in minute {mark.minute:.0f}"
            )
            ui.label(f"{self.here.verdict(mark.verdict)}　{by}").classes("jk-sign")

    def mark(self, verdict: str) -> None:
        """Mark the event with the words of the field."""
        with self.here.telling(self.here.t("記録しました", "Marked")):
            self.here.room.mark(self.here.seat, self.row["event_id"], verdict, self.reason.value or "")
        self._fill()
        self.changed()

    def unmark(self) -> None:
        """Take the mark back."""
        with self.here.telling(self.here.t("記録を消しました", "Removed")):
            self.here.room.unmark(self.here.seat, self.row["event_id"])
        self._fill()
        self.changed()
