"""The log: filters, how the found events lie in time, a table that is ordered and turned by the server, one in full."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from nicegui import events, ui

from simulator.console import charts, search
from simulator.console.frames import CODED, SHOWN, Rows
from simulator.console.pages import detail
from simulator.console.pages.here import MARKS, Here, quiet, section
from simulator.console.search import PAGE_ROWS, Filter
from simulator.console.words import codes

_LISTED = ("action", "screen", "purpose", "system", "decision")
SHORTCUTS = (
    ("/", "自由検索へ", "to the search box"), ("j k", "次・前の行", "next, previous row"),
    ("Enter", "履歴の詳細", "the event in full"), ("m", "不正の疑いとして記録", "mark as misuse"),
    ("w", "要確認として記録", "mark to be checked"), ("o p l", "職員・住民・関係を開く", "operator, person, link"),
    ("[ ]", "前・次の頁", "previous, next page"), ("Esc", "閉じる", "close"),
)  # fmt: skip


class LogPage:
    """The log before one member of a team."""

    def __init__(self, here: Here, given: Filter | None = None) -> None:
        """Build the page; without a filter `given`, with the one that this member last used."""
        self.here = here
        stored = here.room.team(here.seat).filters.get(here.seat.member, {})
        self.wanted = given or Filter.read(stored)
        self.number, self.current, self.found = 1, 0, _nothing()
        self.rows: list[dict[str, Any]] = []
        self.marked: dict[int, str] = {}
        self.fields: dict[str, Any] = {}
        section(here.t("操作履歴", "Audit log"))
        self._filters()
        with ui.element("div").classes("jk-card").style("padding: 4px 8px"):
            self.chart = ui.echart({}).classes("jk-chart low")
        self.table = self._table()
        self.detail = detail.Detail(here, self.show)
        ui.keyboard(on_key=self._key)
        self.search()
        ui.timer(2.0, self._arrive)

    def _filters(self) -> None:
        t = self.here.t
        with ui.element("div").classes("jk-filter"):
            self._text("text", t("自由検索（番号・氏名）", "Search (number, name)"))
            self._text("staff", t("職員（番号・氏名）", "Staff (number, name)"))
            self._text("person", t("住民（番号・氏名）", "Person (number, name)"))
            self._text("start", t("開始（年-月-日 時:分）", "From (y-m-d h:m)"))
            self._text("end", t("終了（この時刻の前まで）", "Until (before)"))
            self._choice("section", {code: self.here.frames.title(code) for code in self.here.frames.sections_named})
            for name in _LISTED:
                self._choice(name, self._used(name))
            self._choice(
                "case", {"with": t("あり", "present"), "without": t("なし", "absent")}, t("受付番号", "Case no.")
            )
        with ui.row().classes("jk-row"):
            for name, words in (("off_duty", t("勤務表の時間外だけ", "Off duty only")),
                                ("alert", t("支援措置警告だけ", "Protection alert only"))):  # fmt: skip
                self.fields[name] = ui.checkbox(words, value=getattr(self.wanted, name), on_change=self.search)
            quiet(t("条件を消す", "Clear"), self.clear)
            ui.label(t("斜体は勤務時間外", "italics: off duty")).classes("jk-legend")
            self.count = ui.label().classes("text-bold").props('aria-live="polite" id="found"')
            ui.space()
            self._help()

    def _text(self, name: str, words: str) -> None:
        field = ui.input(words, value=getattr(self.wanted, name), on_change=self.search)
        self.fields[name] = field.props(f'outlined dense debounce=300 data-field="{name}"').classes("w-full")

    def _choice(self, name: str, options: Mapping[str, str], words: str = "") -> None:
        known = {"": self.here.t("すべて", "all"), **options}
        given = getattr(self.wanted, name)
        field = ui.select(known, label=words or self.here.column(name), value=given if given in known else "")
        field.on_value_change(self.search)
        self.fields[name] = field.props(f'outlined dense options-dense data-field="{name}"').classes("w-full")

    def _used(self, name: str) -> dict[str, str]:
        present = self.here.frames.events[name].unique().drop_nulls().to_list()
        return {code: title for code, title in codes(name, self.here.lang).items() if code in present}

    def _help(self) -> None:
        t = self.here.t
        with ui.button(t("キー操作", "Keys")).props("flat dense no-caps color=primary"), ui.menu().classes("q-pa-md"):
            for keys, ja, en in SHORTCUTS:
                ui.label(f"{keys}　{t(ja, en)}")

    def _table(self) -> ui.table:
        columns = [{"name": "verdict", "label": self.here.t("記録", "Mark"), "field": "verdict", "align": "left"}]
        columns += [self._column(name) for name in SHOWN]
        table = ui.table(columns=columns, rows=[], row_key="event_id", pagination=self._pages())
        table.classes("jk-table jk-log").props(
            'dense flat separator=cell :rows-per-page-options="[50]" binary-state-sort'
        )
        table.props(':table-row-class-fn="row => row.look"')
        table.on("request", self._turn)
        table.on("rowClick", self._click)
        return table

    def _column(self, name: str) -> dict[str, Any]:
        shown = {"staff_code": "staff", "person_no": "person"}.get(name, name)
        return {
            "name": name, "label": self.here.column(name), "field": shown, "align": "left",
            "sortable": name in search.ORDERS,
        }  # fmt: skip

    def _pages(self) -> dict[str, Any]:
        return {
            "page": self.number, "rowsPerPage": PAGE_ROWS, "rowsNumber": len(self.found), "sortBy": self.wanted.order,
            "descending": self.wanted.descending,
        }  # fmt: skip

    def clear(self) -> None:
        """Ask for nothing."""
        for name, field in self.fields.items():
            field.value = False if name in {"off_duty", "alert"} else ""

    def search(self) -> None:
        """Find what the fields ask for, and show the first page."""
        given = {name: field.value if field.value is not None else "" for name, field in self.fields.items()}
        self.wanted = Filter.read({**asdict(self.wanted), **given})
        self.here.room.look(self.here.seat, self.wanted.plain())
        self.number, self.current = 1, 0
        self._find()

    def _find(self) -> None:
        room, t = self.here.room, self.here.t
        self.found = search.find(self.here.frames, self.wanted, room.until)
        self.count.text = t(f"{len(self.found):,} 件", f"{len(self.found):,} events")
        self.chart.options.clear()
        self.chart.options.update(charts.over_time(self.here.frames, self.found, t("件数", "events")))
        self.show()

    def _arrive(self) -> None:
        """Show what came meanwhile: events of live mode, and marks of the others of the team."""
        room = self.here.room
        if room.progress.feed is not None and len(search.find(self.here.frames, self.wanted, room.until)) != len(
            self.found
        ):
            self._find()
        elif self._verdicts() != self.marked:
            self.show()

    def _verdicts(self) -> dict[int, str]:
        return {event: mark.verdict for event, mark in self.here.room.team(self.here.seat).marks.items()}

    def show(self) -> None:
        """Show the page of the table, with the marks of the team."""
        self.marked = self._verdicts()
        self.rows = search.page(self.here.frames, self.found, self.number)
        for place, row in enumerate(self.rows):
            row["verdict"] = MARKS.get(self.marked.get(row["event_id"], ""), "")
            row["look"] = f"{'cur' if place == self.current else ''} {'off' if row['off_duty'] else ''}"
            row["staff"] = f"{row['staff_code']} {row['staff_name'] or ''}"
            row["person"] = f"{row['person_no']} {row['person_name'] or ''}" if row["person_no"] else ""
            row |= {name: self.here.value(name, row[name]) for name in (*CODED, "section") if name in row}
            row["case_no"] = row["case_no"] or "―"
        self.table.rows = self.rows
        self.table.pagination = self._pages()

    def _turn(self, event: events.GenericEventArguments) -> None:
        asked = event.args["pagination"]
        order, descending = asked.get("sortBy") or "at", bool(asked.get("descending"))
        again = (order, descending) != (self.wanted.order, self.wanted.descending)
        self.wanted = replace(self.wanted, order=order, descending=descending)
        self.number, self.current = 1 if again else int(asked["page"]), 0
        self._find() if again else self.show()

    def _click(self, event: events.GenericEventArguments) -> None:
        row = event.args[1]
        self.current = next((n for n, own in enumerate(self.rows) if own["event_id"] == row["event_id"]), 0)
        self.show()
        self.detail.open(row["event_id"])

    def _key(self, event: events.KeyEventArguments) -> None:
        if not event.action.keydown or event.modifiers.ctrl or event.modifiers.alt or event.modifiers.meta:
            return
        key = event.key.name
        moves = {"j": 1, "ArrowDown": 1, "k": -1, "ArrowUp": -1}
        if key in moves:
            self._move(moves[key])
        elif key in {"[", "]"}:
            self._page_by(1 if key == "]" else -1)
        elif key == "/":
            self.fields["text"].run_method("focus")
        elif key == "Escape":
            self.detail.close()
        elif self.rows:
            self._act(key, self.rows[min(self.current, len(self.rows) - 1)])

    def _act(self, key: str, row: Mapping[str, Any]) -> None:
        if key == "Enter":
            self.detail.open(row["event_id"])
        elif key in {"m", "w"}:
            self.detail.open(row["event_id"])
            self.detail.mark("misuse" if key == "m" else "watch")
        elif key == "o":
            ui.navigate.to(f"/operator/{row['staff_code']}")
        elif key == "p" and row["person_no"]:
            ui.navigate.to(f"/person/{row['person_no']}")
        elif key == "l" and row["person_no"]:
            ui.navigate.to(f"/link/{row['staff_code']}/{row['person_no']}")

    def _move(self, by: int) -> None:
        self.current = max(0, min(len(self.rows) - 1, self.current + by))
        self.show()
        if self.detail.shown and self.rows:
            self.detail.open(self.rows[self.current]["event_id"])

    def _page_by(self, by: int) -> None:
        last = max(1, -(-len(self.found) // PAGE_ROWS))
        self.number, self.current = max(1, min(last, self.number + by)), 0
        self.show()


def _nothing() -> Rows:
    return np.zeros(0, dtype=np.int64)


def build(here: Here) -> None:
    """The page of the log."""
    if not here.room.progress.started:
        ui.label(here.t("開始をお待ちください。進行役が開始すると、操作履歴が表示されます。",
                        "Please wait: the log is shown when the facilitator begins.")).classes("jk-note")  # fmt: skip
        return
    LogPage(here)
