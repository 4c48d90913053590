"""What a team writes down: marks and suspects, questions with hints, requests, messages, the hand-in."""

from functools import partial

from nicegui import ui

from simulator import drill
from simulator.console import search
from simulator.console.pages.here import Here, again, button, facts, link_to, quiet, section
from simulator.console.progress import Asked, Mark
from simulator.drill.rules import NONE
from simulator.drill.spec import common

_STEPS = {
    "interview": ("職員の面談", "Interview of staff"), "case_file": ("受付の書類", "Case file"),
    "preserve": ("証拠の保全", "Preserve evidence"), "report": ("所属長への報告", "Report to the superior"),
}  # fmt: skip
_KIND_HINTS = {
    "staff": ("職員番号（例 S0000012）", "staff number, such as S0000012"),
    "person": ("宛名番号", "person number"), "household": ("世帯番号", "household number"),
    "case": ("受付番号", "case number"), "event": ("履歴番号", "event number"),
    "terminal": ("端末番号", "terminal"), "date": ("日付（例 2025-07-01）", "a day, such as 2025-07-01"),
    "number": ("数（半角）", "a number"),
}  # fmt: skip


def marks(here: Here) -> None:
    """The marks of the team and whom it suspects, as they come."""
    listed = ui.refreshable(_marks)
    listed(here)
    stood = [here.room.progress.seq]

    def look() -> None:
        if here.room.progress.seq != stood[0]:
            stood[0] = here.room.progress.seq
            listed.refresh()

    ui.timer(1.0, look)


def _marks(here: Here) -> None:
    t, team = here.t, here.room.team(here.seat)
    section(
        t("記録した履歴", "Marked events"),
        t("提出のとき「不正の疑い」の記録が採点されます。", "The marks of misuse are graded."),
    )
    if not team.marks:
        ui.label(
            t("まだ記録がありません。操作履歴の行を開いて記録します。", "None yet: open a row of the log and mark it.")
        ).classes("jk-hint")
    for mark in sorted(team.marks.values(), key=lambda m: (m.verdict, m.event_id)):
        _mark(here, mark)
    section(t("嫌疑者として指名した職員", "Members of staff named as suspects"),
            t("誤って指名すると減点されます。", "Naming somebody wrongly costs points."))  # fmt: skip
    for code, reason in team.accused.items():
        with ui.row().classes("jk-card jk-row"):
            link_to(here.staff(code), f"/operator/{code}")
            ui.label(reason)
    if not team.accused:
        ui.label(t("指名した職員はいません。", "Nobody is named.")).classes("jk-hint")


def _mark(here: Here, mark: Mark) -> None:
    row = search.told(here.frames, search.find(here.frames, search.Filter(), only=[mark.event_id]))[0]
    with ui.row().classes("jk-card jk-row"):
        ui.label(here.verdict(mark.verdict)).classes("jk-sign")
        ui.label(f"{mark.event_id}　{row['at']}")
        link_to(here.staff(row["staff_code"]), f"/operator/{row['staff_code']}")
        if row["person_no"]:
            link_to(here.person(row["person_no"]), f"/link/{row['staff_code']}/{row['person_no']}")
        ui.label(here.value("action", row["action"]))
        ui.label(mark.reason or here.t("（理由なし）", "(no reason)"))
        ui.space()
        ui.label(f"{mark.member}　{mark.minute:.0f} {here.t('分', 'min')}").classes("jk-hint")
        quiet(here.t("消す", "Remove"), partial(_unmark, here, mark.event_id))


def _unmark(here: Here, event_id: int) -> None:
    with here.telling():
        here.room.unmark(here.seat, event_id)
    again()


def questions(here: Here) -> None:
    """The questions with their answers and hints."""
    t = here.t
    if not here.room.progress.started:
        ui.label(t("開始をお待ちください。", "Please wait for the beginning.")).classes("jk-note")
        return
    section(t("設問", "Questions"), t("入力はその場で保存されます。複数の値は空白か読点で区切ります。",
                                      "What you type is kept at once. Separate several values by blanks."))  # fmt: skip
    for question in here.room.pack.questions:
        _Question(here, question)


class _Question:
    """One question."""

    def __init__(self, here: Here, question: drill.Question) -> None:
        self.here, self.question = here, question
        t, given = here.t, here.room.team(here.seat).answers.get(question.number, ())
        with ui.column().classes("jk-card"):
            points = t(f"{question.points} 点", f"{question.points} points")
            ui.label(f"{t('問', 'Q')}{question.number}　{question.text.of(here.lang)}　({points})").classes("text-bold")
            with ui.row().classes("jk-row"):
                hint = t(*_KIND_HINTS.get(question.kind, ("答え", "answer")))
                several = t("・複数可", ", one or more") if question.several else ""
                field = ui.input(hint + several, value="　".join(given), on_change=lambda e: self.answer(e.value))
                field.props(f'outlined dense debounce=400 data-question="{question.number}"').classes("w-96")
                self.saved = ui.label().classes("jk-hint")
            self.hints = ui.column().classes("w-full")
        self._hints()

    def answer(self, text: str | None) -> None:
        """Keep what was typed."""
        values = (text or "").replace("、", " ").replace("，", " ").replace(",", " ").split()
        with self.here.telling():
            self.here.room.answer(self.here.seat, self.question.number, values)
            self.saved.text = self.here.t("保存しました", "kept")

    def _hints(self) -> None:
        here, t = self.here, self.here.t
        taken = sorted(s for number, s in here.room.team(here.seat).hints if number == self.question.number)
        self.hints.clear()
        with self.hints:
            for step in taken:
                words = here.room.secret.hints[self.question.number, step].of(here.lang)
                ui.label(f"{t('ヒント', 'Hint')} {step}: {words}").classes("jk-said")
            if len(taken) < len(self.question.hint_costs):
                cost = self.question.hint_costs[len(taken)]
                words = t(
                    f"ヒント {len(taken) + 1} を見る（−{cost} 点）", f"Take hint {len(taken) + 1} (−{cost} points)"
                )
                quiet(words, self._confirm).props(f'data-hint="{self.question.number}"')

    def _confirm(self) -> None:
        t = self.here.t
        with ui.dialog(value=True) as dialog, ui.card():
            ui.label(
                t("ヒントを見ると、班の得点から引かれます。よろしいですか。", "A hint costs your team points. Take it?")
            )
            with ui.row():
                button(t("見る", "Take it"), lambda: self._take(dialog)).props("autofocus")
                quiet(t("やめる", "No"), dialog.close)

    def _take(self, dialog: ui.dialog) -> None:
        dialog.close()
        with self.here.telling():
            self.here.room.hint(self.here.seat, self.question.number)
        self._hints()


def requests(here: Here, what: str = "interview", target: str = "") -> None:
    """Interviews and case files: what was asked for, and the answers."""
    t = here.t
    words = t(
        "面談は進行役が答えます。請求はすべて記録に残ります。", "The facilitator answers. Every request is on record."
    )
    section(t("調査の手続（保全・報告・書類・面談）", "Steps of the inquiry"), words)
    with ui.row().classes("jk-card jk-row"):
        kinds = {what: t(*words) for what, words in _STEPS.items()}
        kind = ui.select(kinds, value=what).props("outlined dense").classes("w-48")
        number = ui.input(t("職員番号・受付番号など", "Staff number, case number …"), value=target).props(
            'outlined dense data-field="target"'
        )
        asked = (
            ui.input(t("聞きたいこと", "What you want to know"))
            .props('outlined dense data-field="asked"')
            .classes("w-96")
        )

        def ask() -> None:
            with here.telling(t("請求しました", "Asked for")):
                here.room.ask(here.seat, kind.value, number.value or "", asked.value or "")
            listed.refresh()

        button(t("請求する", "Ask"), ask)
    listed = ui.refreshable(_requests)
    listed(here)
    ui.timer(2.0, listed.refresh)


def _requests(here: Here) -> None:
    own = [asked for asked in here.room.progress.asked.values() if asked.team == here.seat.team]
    for asked in reversed(own):
        with ui.column().classes("jk-card"):
            ui.label(request_words(here, asked)).classes("text-bold")
            ui.label(asked.reply or here.t("回答待ち", "Waiting for an answer")).classes(
                "jk-said" if asked.reply else "jk-hint"
            )


def request_words(here: Here, asked: Asked) -> str:
    """A request in one line."""
    t = here.t
    target = here.staff(asked.target) if asked.what == "interview" else asked.target
    return f"{t(*_STEPS[asked.what])}　{target}　{asked.words}　（{asked.member}、{asked.minute:.0f} {t('分', 'min')}）"


def messages(here: Here) -> None:
    """What came in: injects and words of the facilitator."""
    t, room = here.t, here.room
    section(t("届いた連絡", "Messages"))
    found = room.progress.messages_of(here.seat.team)
    if not found:
        ui.label(t("連絡はまだありません。", "Nothing yet.")).classes("jk-hint")
    for message in found:
        inject = room.injects.get(message.inject or "")
        with ui.column().classes("jk-card"):
            title = inject.title.of(here.lang) if inject else t("進行役から", "From the facilitator")
            ui.label(f"{title}　{message.minute:.0f} {t('分', 'min')}").classes("text-bold")
            ui.label(inject.text.of(here.lang) if inject else message.words).classes("jk-said")
    if found:
        room.see(here.seat, found[0].number)


def hand_in(here: Here) -> None:
    """The write-up and the hand-in."""
    t, room, team = here.t, here.room, here.room.team(here.seat)
    section(t("まとめと提出", "Write-up and hand-in"))
    misuse = sum(mark.verdict == "misuse" for mark in team.marks.values())
    answered = sum(bool(values) for values in team.answers.values())
    with ui.row().classes("jk-card jk-row"):
        facts([
            (t("回答した設問", "Questions answered"), f"{answered} / {len(room.pack.questions)}"),
            (t("不正の疑いの記録", "Marks of misuse"), f"{misuse}"),
            (t("嫌疑者", "Suspects"), "、".join(here.staff(code) for code in team.accused) or t("なし", "none")),
            (t("使ったヒント", "Hints used"), f"{len(team.hints)}"),
        ])  # fmt: skip
    for number, card in enumerate(common().rubric, start=1):
        with ui.column().classes("jk-card"):
            ui.label(card.title.of(here.lang)).classes("text-bold")
            field = ui.textarea(value=team.judgement.get(number, ""), on_change=partial(_judge, here, number))
            field.props(f'outlined autogrow debounce=400 data-judge="{number}"').classes("w-full")
    if team.handed_in is not None:
        ui.label(t(f"提出済みです（{team.handed_in:.0f} 分）。", f"Handed in (minute {team.handed_in:.0f}).")).classes(
            "jk-note"
        )
        return
    with ui.row().classes("jk-row"):
        button(t("提出する", "Hand in"), partial(_confirm, here), color="deep-orange-10")
        if not team.accused:
            quiet(t("「不正なし」と判断する", "Find that there was no misuse"), partial(_nobody, here))


def _nobody(here: Here) -> None:
    with here.telling():
        here.room.accuse(here.seat, NONE, "")
    again()


def _judge(here: Here, item: int, event: object) -> None:
    with here.telling():
        here.room.judge(here.seat, item, str(getattr(event, "value", "") or ""))


def _confirm(here: Here) -> None:
    t = here.t
    with ui.dialog(value=True) as dialog, ui.card():
        ui.label(
            t("提出すると、班の全員が変更できなくなります。", "After this nobody of the team can change anything.")
        )

        def go() -> None:
            dialog.close()
            with here.telling(t("提出しました", "Handed in")):
                here.room.hand_in(here.seat)
            again()

        with ui.row():
            button(t("提出を確定する", "Hand in for good"), go)
            quiet(t("戻る", "Back"), dialog.close)
