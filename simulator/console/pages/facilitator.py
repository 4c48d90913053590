"""The facilitator's view: clock, teams and their codes, scoreboard, injects, requests, live mode, the report."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nicegui import run, ui

from simulator import drill
from simulator.console import feed
from simulator.console.pages.here import Here, button, link_to, office_time, quiet, section
from simulator.console.pages.team import request_words
from simulator.console.progress import Feed
from simulator.drill.spec import common
from simulator.errors import SimulatorError


class FacilitatorPage:
    """The page of the one who runs the exercise."""

    def __init__(self, here: Here, report: Callable[[], list[Path]]) -> None:
        """Build it; `report` grades every team and writes the after-action report."""
        self.here, self.report = here, report
        self.seq = -1
        self.built: dict[str, object] = {}
        self._clock()
        self.scores = ui.column().classes("jk-card").props('id="scores"')
        with ui.element("div").classes("jk-cols"):
            with ui.column().classes("w-full"):
                self.asked = ui.column().classes("jk-card").props('id="requests"')
                self._say()
                self._report()
            with ui.column().classes("w-full"):
                if here.room.progress.feed is not None:
                    self.live = ui.column().classes("jk-card").props('id="live"')
                self.injects = ui.column().classes("jk-card").props('id="injects"')
        self.refresh()
        ui.timer(1.0, self.refresh_if_changed)

    def _clock(self) -> None:
        t, room = self.here.t, self.here.room
        with ui.column().classes("jk-card"):
            section(t("進行", "The drill"))
            with ui.row().classes("jk-row"):
                self.start = button(t("開始", "Start"), room.start)
                self.pause = quiet(t("一時停止", "Pause"), room.pause)
                self.resume = button(t("再開", "Resume"), room.resume)
                quiet(t("5分延長", "+5 min"), partial(room.extend, 5))
                quiet(t("5分短縮", "−5 min"), partial(room.extend, -5))
                ui.space()
                self.finish = button(t("終了", "End"), self._end, color="deep-orange-10")
            ui.label(t("一時停止中も班は証拠を読めますが、記録・回答はできません。",
                       "While paused teams can read but not act.")).classes("jk-hint")  # fmt: skip

    def _end(self) -> None:
        t = self.here.t
        with ui.dialog(value=True) as dialog, ui.card():
            ui.label(t("未提出の班もこの時点の内容で提出したものとします。", "What teams have counts as handed in."))

            def go() -> None:
                dialog.close()
                self.here.room.finish()

            with ui.row():
                button(t("終了する", "End it"), go)
                quiet(t("戻る", "Back"), dialog.close)

    def _say(self) -> None:
        t, room = self.here.t, self.here.room
        with ui.column().classes("jk-card"):
            section(t("班への連絡", "A word to the teams"))
            with ui.row().classes("jk-row"):
                everyone = {"": t("すべての班", "all teams"), **{name: name for name in room.progress.teams}}
                to = ui.select(everyone, value="").props("outlined dense").classes("w-36")
                words = ui.input(t("内容", "Words")).props('outlined dense data-field="words"').classes("w-72")

                def send() -> None:
                    room.say(words.value or "", [to.value] if to.value else [])
                    words.value = ""

                button(t("送る", "Send"), send)

    def _report(self) -> None:
        t = self.here.t
        with ui.column().classes("jk-card"):
            section(t("採点と事後報告書", "Grading and after-action report"))
            link_to(t("記述を評価する（提出後）", "Mark the free words (once handed in)"), "/marking")
            self.unmarked = ui.label().classes("jk-hint")
            self.reports = ui.column()
            button(t("採点して報告書を作る", "Grade and write the report"), self._write)

    async def _write(self) -> None:
        t = self.here.t
        try:
            paths = await run.io_bound(self.report) or []
        except SimulatorError as error:
            ui.notify(str(error), type="negative", position="top", timeout=0, close_button=t("閉じる", "Close"))
            return
        self.reports.clear()
        with self.reports:
            for path in paths:
                ui.link(path.name, f"/reports/{path.name}", new_tab=True).classes("jk-link")
            for folder in {path.parent for path in paths}:
                ui.label(t(f"保存先: {folder}", f"Saved in {folder}")).classes("jk-hint")

    async def refresh_if_changed(self) -> None:
        """Show what happened since the last look; in live mode always."""
        if self.here.room.progress.seq != self.seq:
            await asyncio.to_thread(self._grades)
            self.refresh()
        elif self.here.room.progress.feed is not None:
            self._live()

    def _grades(self) -> list[tuple[str, drill.Grade]]:
        room = self.here.room
        return [(name, room.grade(name)) for name in room.progress.teams] if room.progress.started else []

    def refresh(self) -> None:
        """Show how things stand."""
        progress = self.here.room.progress
        self.seq = progress.seq
        self.start.visible = not progress.started
        self.pause.visible, self.resume.visible = progress.running, progress.started and not progress.running
        self.resume.visible = self.resume.visible and not progress.finished
        self.finish.visible = progress.started and not progress.finished
        self._scores()
        self._unmarked()
        if self._changed("requests", [asked.number for asked in progress.open_requests()]):
            self._requests()
        if self._changed("injects", (sorted(progress.sent()), progress.auto)):
            self._injects()
        if progress.feed is not None:
            self._live()

    def _changed(self, part: str, state: object) -> bool:
        """Whether a part must be built anew; what somebody is typing into it stays otherwise."""
        before, self.built[part] = self.built.get(part), state
        return before != state

    def _scores(self) -> None:
        t, room = self.here.t, self.here.room
        self.scores.clear()
        with self.scores:
            words = t(
                "得点は現時点の内容を採点したものです。班には見えません。",
                "Points as things stand. Teams do not see them.",
            )
            section(t("班の状況", "Teams"), words)
            columns = [{"name": n, "label": words, "field": n, "align": "left"} for n, words in self._titles()]
            table = ui.table(columns=columns, rows=self._rows(), row_key="team").classes("jk-table")
            table.props("dense flat separator=cell hide-bottom")
            with ui.row().classes("jk-row"):
                for name, team in room.progress.teams.items():
                    if team.handed_in is not None and not room.progress.finished:
                        quiet(t(f"{name} に返す", f"Give back to {name}"), partial(room.reopen, name))

    def _unmarked(self) -> None:
        """Say whose words are still to be marked, so that no report is written too early unawares."""
        t, progress = self.here.t, self.here.room.progress
        wanted = len(common().rubric)
        left = [n for n, team in progress.teams.items() if team.handed_in is not None and len(team.ratings) < wanted]
        words = t(f"記述が未評価の班: {'、'.join(left)}", f"Free words not marked yet: {', '.join(left)}")
        self.unmarked.text = words if left else ""

    def _titles(self) -> list[tuple[str, str]]:
        t = self.here.t
        return [
            ("team", t("班", "Team")), ("code", t("参加コード", "Code")), ("members", t("参加者", "Members")),
            ("points", t("得点", "Points")), ("right", t("正答", "Right")), ("marks", t("記録", "Marks")),
            ("precision", t("適合率", "Precision")), ("recall", t("再現率", "Recall")),
            ("wrong", t("誤指名", "Wrongly named")), ("free", t("記述", "Free words")),
            ("hints", t("ヒント", "Hints")), ("state", t("状態", "State")),
        ]  # fmt: skip

    def _rows(self) -> list[dict[str, str]]:
        room, t = self.here.room, self.here.t
        grades = dict(self._grades())
        rows = []
        for name, team in room.progress.teams.items():
            state = t("作業中", "working") if team.handed_in is None else t("提出済み", "handed in")
            misuse = sum(mark.verdict == "misuse" for mark in team.marks.values())
            row = {
                "team": name, "code": room.progress.codes[name],
                "members": "、".join(dict.fromkeys(team.members.values())),
                "marks": str(misuse), "hints": str(len(team.hints)), "state": state,
            }  # fmt: skip
            rows.append(row | (_figures(grades[name]) if name in grades else {}))
        return rows

    def _requests(self) -> None:
        t, room = self.here.t, self.here.room
        self.asked.clear()
        with self.asked:
            section(t("回答を待つ面談", "Interviews to be answered"))
            waiting = room.progress.open_requests()
            if not waiting:
                ui.label(t("ありません。", "None.")).classes("jk-hint")
            for asked in waiting:
                said = room.secret.interviews.get(asked.target)
                ui.label(f"{asked.team}　{request_words(self.here, asked)}").classes("text-bold")
                words = ui.textarea(t("回答（案は封印資料から）", "Answer (suggested by the sealed papers)"),
                                    value=said.of(self.here.lang) if said else "")  # fmt: skip
                words.props("outlined autogrow dense").classes("w-full")
                button(t("回答する", "Answer"), partial(self._reply, asked.number, words))

    def _reply(self, number: int, words: ui.textarea) -> None:
        self.here.room.reply(number, words.value or "")

    def _injects(self) -> None:
        t, room = self.here.t, self.here.room
        sent = {m.inject: m.minute for m in room.progress.messages.values()}
        self.injects.clear()
        with self.injects:
            with ui.row().classes("jk-row"):
                section(t("状況付与", "Injects"))
                ui.space()
                ui.switch(t("予定時刻に自動で出す", "Sent in their minute"), value=room.progress.auto,
                          on_change=lambda e: room.send_by_itself(on=e.value))  # fmt: skip
            for inject in room.secret.injects:
                with ui.row().classes("jk-row"):
                    ui.label(f"{inject.minute} {t('分', 'min')}").classes("text-bold")
                    ui.label(inject.title.of(self.here.lang)).tooltip(inject.text.of(self.here.lang))
                    ui.space()
                    if inject.id in sent:
                        ui.label(t(f"{sent[inject.id]:.0f} 分に配付", f"sent in minute {sent[inject.id]:.0f}")).classes(
                            "jk-hint"
                        )
                    else:
                        quiet(t("今すぐ出す", "Send now"), partial(room.send, inject.id)).props(
                            f'data-inject="{inject.id}"'
                        )
                ui.label(t("期待する対応: ", "Expected: ") + inject.expect.of(self.here.lang)).classes("jk-hint")

    def _live(self) -> None:
        room = self.here.room
        office, playing = room.office_ms, room.progress.feed
        if office is None or playing is None:
            return
        closed = feed.waiting(room.progress, room.gates)
        stands = bool(closed) and closed[0].at_ms - 1 <= office
        if self._changed("live", (playing.speed, playing.running, len(closed), stands)):
            self._live_parts(playing, closed, office)
        self.stands.text = self.here.t(
            f"庁内の時刻 {office_time(office)}　届いた履歴 {room.until or 0:,} 件　×{playing.speed:g}",
            f"Time in the office {office_time(office)}, events arrived {room.until or 0:,}, ×{playing.speed:g}",
        )

    def _live_parts(self, playing: Feed, closed: list[feed.Gate], office: int) -> None:
        t, room = self.here.t, self.here.room
        self.live.clear()
        with self.live:
            section(
                t("ライブ配信", "Live mode"),
                t("解放するまで、不正の操作は届きません。", "No misuse comes before you release it."),
            )
            self.stands = ui.label().classes("text-bold")
            with ui.row().classes("jk-row"):
                for speed in feed.SPEEDS:
                    quiet(f"×{speed}", partial(room.play, speed=float(speed)))
                words = t("配信を止める", "Hold") if playing.running else t("配信を続ける", "Go on")
                quiet(words, partial(room.play, running=not playing.running))
                quiet(t("翌開庁時へ", "To the next morning"), room.skip_night)
            self._gates(closed, office)

    def _gates(self, closed: list[feed.Gate], office: int) -> None:
        t, room = self.here.t, self.here.room
        if not closed:
            ui.label(t("不正はすべて解放済みです。", "All misuse is released.")).classes("jk-hint")
        for gate in closed[:3]:
            with ui.row().classes("jk-row"):
                due = office_time(gate.at_ms)
                stands = gate.at_ms - 1 <= office
                words = t("ここで停止中", "stands here") if stands else t("未解放", "held")
                ui.label(f"{due}　{gate.events} {t('件', 'events')}　{words}").classes("jk-sign" if stands else "")
                ui.space()
                button(t("解放する", "Release"), partial(room.release, [gate.episode])).props('data-release="1"')
        if len(closed) > 1:
            quiet(t(f"残り {len(closed)} 件をすべて解放", f"Release all {len(closed)}"),
                  partial(room.release, [gate.episode for gate in closed]))  # fmt: skip


def _figures(grade: drill.Grade) -> dict[str, str]:
    share = {"precision": grade.search.precision, "recall": grade.search.recall}
    rated = f"{grade.rated}/{len(grade.judged)}"
    return {
        "free": f"({rated})" if grade.marks is None else f"{grade.marks} / {drill.marks_max()}",
        "points": f"{grade.points} / {grade.points_max}", "right": str(sum(line.right for line in grade.lines)),
        "wrong": str(len(grade.wrongly_accused)),
        **{name: "―" if value is None else f"{value:.0%}" for name, value in share.items()},
    }  # fmt: skip
