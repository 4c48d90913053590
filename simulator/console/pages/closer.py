"""Close looks: a person, an operator's day beside peers and roster, the link between an operator and a person."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from nicegui import events, ui

from simulator.console import charts, search, views
from simulator.console.frames import Rows
from simulator.console.pages.here import MARKS, Here, again, button, facts, link_to, quiet, section, when
from simulator.console.views import Looker
from simulator.console.words import TIES

MOST_ROWS = 300
"""Events listed on a page of one person or day; the log has all."""
_SHORT = ("event_id", "at", "staff_code", "section", "terminal", "action", "screen", "purpose", "case_no", "person_no",
          "decision", "dwell_s")  # fmt: skip


def event_table(here: Here, rows: Rows, without: Sequence[str] = ()) -> None:
    """The events of `rows`, newest last; a click opens the event in the log."""
    columns = [name for name in _SHORT if name not in without]
    marks = here.room.team(here.seat).marks if not here.seat.facilitator else {}
    told = search.told(here.frames, rows[-MOST_ROWS:], columns)
    for row in told:
        mark = marks.get(row["event_id"])
        row["verdict"] = MARKS[mark.verdict] if mark else ""
        row["look"] = "off" if row["off_duty"] else ""
        if "staff_code" in row:
            row["staff_code"] = f"{row['staff_code']} {row['staff_name'] or ''}"
        if row.get("person_no"):
            row["person_no"] = f"{row['person_no']} {row['person_name'] or ''}"
        for name in set(columns) - {"event_id", "at", "staff_code", "person_no"}:
            row[name] = here.value(name, row[name])
    shown = [{"name": n, "label": here.column(n), "field": n, "align": "left", "sortable": True} for n in columns]
    head = {"name": "verdict", "label": here.t("記録", "Mark"), "field": "verdict", "align": "left"}
    table = ui.table(columns=[head, *shown], rows=told, row_key="event_id", pagination=25).classes("jk-table")
    table.props('dense flat separator=cell :table-row-class-fn="row => row.look"')
    table.on("rowClick", lambda event: _open(here, event))
    if len(rows) > MOST_ROWS:
        ui.label(
            here.t(f"新しい {MOST_ROWS} 件だけを表示しています。", f"Only the newest {MOST_ROWS} are listed.")
        ).classes("jk-hint")


def _open(here: Here, event: events.GenericEventArguments) -> None:
    here.room.look(here.seat, {"text": str(event.args[1]["event_id"])})
    ui.navigate.to("/log")


def chooser(here: Here, words: str, hint: str, target: str) -> None:
    """A field for a number or a name; what fits is offered, Enter opens the only one."""
    key = "staff_code" if target == "operator" else "person_no"
    found = ui.column().classes("jk-card")

    def look() -> None:
        text = "".join(str(field.value or "").split())
        found.clear()
        with found:
            for code, name in search.suggest(here.frames, key, text):
                link_to(f"{code} {name or ''}", f"/{target}/{code}")

    field = ui.input(words, placeholder=hint, on_change=look).props("outlined dense autofocus debounce=200")
    field.classes("w-96").move(target_index=0)
    look()


def person(here: Here, number: str) -> None:
    """The page of a person."""
    t, seen = here.t, views.person(here.frames, number, here.room.until)
    if seen is None:
        ui.label(t(f"宛名番号 {number} は証拠の中にありません。", f"No person {number} in the evidence.")).classes(
            "jk-note"
        )
        return
    ui.label(t("住民: ", "Person: ") + here.person(number)).classes("jk-h1").props('role="heading" aria-level="1"')
    with ui.element("div").classes("jk-cols"):
        with ui.column().classes("jk-card"):
            facts(_person_facts(here, seen))
            with ui.row().classes("jk-row"):
                for mate in seen.household:
                    link_to(here.person(mate["person_no"]), f"/person/{mate['person_no']}")
        with ui.column().classes("jk-card"):
            section(t("この住民の受付", "Cases of this person"))
            _case_list(here, seen.cases)
    with ui.column().classes("jk-card"):
        section(
            t("いつ、何をされたか", "When, and what was done"),
            t("横軸は日、縦軸は時刻、形と色は操作の種類", "Day across, hour upwards, shape and colour by act"),
        )
        ui.echart(charts.day_and_hour(here.frames, seen.rows, here.lang)).classes("jk-chart")
    with ui.column().classes("jk-card"):
        section(t("誰が見たか", "Who looked"))
        looker_table(here, seen.lookers, number)
    section(t("時系列", "Time line"))
    event_table(here, seen.rows, without=("person_no",))


def _person_facts(here: Here, seen: views.Person) -> list[tuple[str, str]]:
    t, row = here.t, seen.facts
    staff = f"{t('はい', 'yes')} ({here.staff(seen.staff)})" if seen.staff else t("いいえ", "no")
    pairs = [
        (here.column("household_no"), row["household_no"]), (t("住所", "Address"), row["address"]),
        (t("地区", "District"), row["district"]), (t("年齢階級", "Age band"), row["age_band"]),
        (t("支援措置", "Protection"), here.value("protected", row["protected"])),
        (t("職員か", "Member of staff"), staff),
        (t("関係する履歴", "Events about them"), f"{len(seen.rows):,}"),
        (t("一覧に表示された回数", "Shown in lists"), f"{seen.listed:,}"),
        (t("同じ世帯の人", "Same household"), f"{len(seen.household)}"),
    ]  # fmt: skip
    return [(name, str(value)) for name, value in pairs if value not in {None, ""}]


def _case_list(here: Here, cases: Sequence[Mapping[str, Any]]) -> None:
    if not cases:
        ui.label(here.t("受付簿に、この住民の受付はありません。", "The case list has none.")).classes("jk-hint")
    for case in cases:
        fits = "" if "fits" not in case else "◎ " if case["fits"] else "　 "
        words = f"{case['case_no']}　{here.value('purpose', case['purpose'])}　{here.value('section', case['section'])}"
        ui.label(f"{fits}{words}　{when(case['opened'])} – {when(case['closed'])}")


def looker_table(here: Here, lookers: Sequence[Looker], number: str) -> None:
    """Who caused events about a person; a click opens the link between the two."""
    t = here.t
    titles = (
        ("staff", t("職員", "Staff")), ("section", here.column("section")), ("events", t("件数", "Events")),
        ("days", t("日数", "Days")), ("without_case", t("受付番号なし", "Without case")),
        ("first", t("最初", "First")), ("last", t("最後", "Last")),
    )  # fmt: skip
    rows = [
        {**looker._asdict(), "staff": here.staff(looker.staff_code), "section": here.value("section", looker.section)}
        for looker in lookers
    ]
    columns = [{"name": n, "label": words, "field": n, "align": "left", "sortable": True} for n, words in titles]
    table = ui.table(columns=columns, rows=rows, row_key="staff_code", pagination=10).classes("jk-table")
    table.props("dense flat separator=cell")
    table.on("rowClick", lambda event: ui.navigate.to(f"/link/{event.args[1]['staff_code']}/{number}"))


def operator(here: Here, code: str, day: str = "") -> None:
    """The page of a member of staff, on one day."""
    t = here.t
    chosen = date.fromisoformat(day) if day else None
    seen = views.operator(here.frames, code, chosen, here.room.until)
    if seen is None:
        ui.label(t(f"職員番号 {code} は職員名簿にありません。", f"No member of staff {code}.")).classes("jk-note")
        return
    with ui.row().classes("jk-row"):
        ui.label(t("職員: ", "Operator: ") + here.staff(code)).classes("jk-h1").props('role="heading" aria-level="1"')
        ui.space()
        if not here.seat.facilitator:
            _accusing(here, code)
    with ui.element("div").classes("jk-cols"):
        with ui.column().classes("jk-card"):
            facts(_staff_facts(here, seen))
            if seen.facts["person_no"]:
                link_to(
                    t("本人の記録への操作を見る", "See who opened their own record"),
                    f"/person/{seen.facts['person_no']}",
                )
        with ui.column().classes("jk-card"):
            section(
                t("日ごとの操作件数", "Events by day"),
                t("棒を押すとその日を開きます", "A click on a bar opens the day"),
            )
            chart = ui.echart(charts.by_day(seen.days, seen.day, t("件数", "events")), on_point_click=None)
            chart.classes("jk-chart low")
            days = list(seen.days)
            chart.on_point_click(lambda event: _go(code, days[event.data_index]))
    _day(here, seen, code)
    _peers(here, seen)
    section(t("この日の操作", "Events of the day"))
    event_table(here, seen.rows, without=("staff_code", "section"))


def _go(code: str, day: date) -> None:
    ui.navigate.to(f"/operator/{code}/{day}")


def _staff_facts(here: Here, seen: views.Operator) -> list[tuple[str, str]]:
    t, row = here.t, seen.facts
    pairs = [
        (here.column("section"), here.value("section", row["section"])),
        (here.column("role"), here.value("role", row["role"])),
        (t("任用形態", "Employment"), here.value("employment", row["employment"])),
        (t("管理職", "Supervisor"), here.value("supervisor", row["supervisor"])),
        (t("採用日", "Hired on"), str(row["hired_on"] or "―")),
        (t("本人の宛名番号", "Own person no."), row["person_no"] or t("市外に居住", "lives elsewhere")),
        (here.column("household_no"), row["household_no"] or "―"),
    ]  # fmt: skip
    return [(name, str(value)) for name, value in pairs]


def _peers(here: Here, seen: views.Operator) -> None:
    t = here.t
    with ui.column().classes("jk-card"):
        section(
            t("同じ課の職員との比較", "Beside the peers of the section"),
            t("◆ この職員　○ 同じ課の職員（全期間）", "◆ this operator  ○ peers of the same section (whole period)"),
        )
        with ui.element("div").classes("jk-cols3"):
            for measure in seen.measures:
                ui.echart(charts.beside_peers(measure, here.lang, t)).classes("jk-chart small")


def _day(here: Here, seen: views.Operator, code: str) -> None:
    t = here.t
    duty = seen.duty
    with ui.column().classes("jk-card"):
        with ui.row().classes("jk-row"):
            quiet("◀", lambda: _go(code, seen.day - timedelta(days=1)))
            section(f"{seen.day:%Y-%m-%d} ({_weekday(here, seen.day)})")
            quiet("▶", lambda: _go(code, seen.day + timedelta(days=1)))
            if duty is None:
                ui.label(t("勤務表に記載なし（休み）", "Not on the roster: absent")).classes("jk-sign")
            else:
                own = f"{t('勤務', 'On duty')} {duty['starts']:%H:%M}–{duty['ends']:%H:%M}"
                ui.label(f"{own}　{t('端末', 'Terminal')} {duty['terminal'] or '―'}")
            ui.label(t(f"{len(seen.rows)} 件", f"{len(seen.rows)} events"))
        others = _other_terminals(here, seen)
        if others:
            ui.label(t("勤務表と違う端末: ", "Other terminals than on the roster: ") + "、".join(others)).classes(
                "jk-note"
            )
        ui.echart(charts.day_line(here.frames, seen, here.lang, t)).classes("jk-chart")


def _other_terminals(here: Here, seen: views.Operator) -> list[str]:
    if seen.duty is None or seen.duty["terminal"] is None:
        return []
    used = here.frames.events["terminal"][seen.rows].cast(str).unique().sort().to_list()
    return [str(terminal) for terminal in used if terminal != seen.duty["terminal"]]


def _weekday(here: Here, day: date) -> str:
    return (here.t("月火水木金土日", "MTWTFSS"))[day.weekday()]


def _accusing(here: Here, code: str) -> None:
    t, team = here.t, here.room.team(here.seat)
    if code in team.accused:
        ui.label(t("嫌疑者として指名済み", "Named as suspect")).classes("jk-sign")

        def clear() -> None:
            with here.telling(t("指名を取り消しました", "Taken back")):
                here.room.clear(here.seat, code)
            again()

        quiet(t("指名を取り消す", "Take back"), clear)
        return
    reason = ui.input(t("指名の理由", "Why")).props("outlined dense").classes("w-64")

    def accuse() -> None:
        with here.telling(t("指名しました", "Named")):
            here.room.accuse(here.seat, code, reason.value or "")
        again()

    button(t("嫌疑者として指名", "Name as suspect"), accuse, color="deep-orange-10")
    quiet(t("面談を求める", "Ask for an interview"), lambda: ui.navigate.to(f"/requests/interview/{code}"))


def link(here: Here, code: str, number: str) -> None:
    """The page of an operator and a person."""
    t, seen = here.t, views.link(here.frames, code, number, here.room.until)
    if seen is None:
        ui.label(t("職員か住民が証拠の中にありません。", "The evidence lacks the operator or the person.")).classes(
            "jk-note"
        )
        return
    ui.label(t("関係", "Link")).classes("jk-h1").props('role="heading" aria-level="1"')
    with ui.row().classes("jk-row"):
        link_to(here.staff(code), f"/operator/{code}")
        ui.label("↔")
        link_to(here.person(number), f"/person/{number}")
    with ui.element("div").classes("jk-cols"):
        with ui.column().classes("jk-card"):
            _ties(here, seen)
        with ui.column().classes("jk-card"):
            section(t("この住民の受付（◎は職員の課）", "Cases of the person (◎: of the operator's section)"))
            _case_list(here, seen.cases)
    with ui.column().classes("jk-card"):
        section(t("この職員がこの住民に対して行った操作", "What this operator did with this person"))
        ui.echart(charts.day_and_hour(here.frames, seen.rows, here.lang)).classes("jk-chart")
        event_table(here, seen.rows, without=("staff_code", "person_no", "section"))
    with ui.column().classes("jk-card"):
        section(t("同じ世帯の人への操作", "The same operator with the person's household"))
        event_table(
            here, seen.around if len(seen.around) else np.array([], dtype=np.int64), without=("staff_code", "section")
        )
    with ui.column().classes("jk-card"):
        section(t("同じ課で、この住民を扱った職員", "Colleagues of the section who dealt with the person"))
        looker_table(here, seen.others, number)


def _ties(here: Here, seen: views.Link) -> None:
    t = here.t
    section(t("証拠から分かるつながり", "What connects them by the evidence"))
    for tie in seen.ties:
        ui.label(f"● {t(*TIES[tie.kind])}（{tie.value}）").classes("text-bold")
    if not seen.ties:
        words = t(
            "世帯・住所・氏・所属に共通点は見当たりません。", "No household, address, surname or section in common."
        )
        ui.label(words).classes("jk-hint")
    ui.label(t("つながりがあること自体は不正ではありません。", "A tie is no misuse by itself.")).classes("jk-hint")
