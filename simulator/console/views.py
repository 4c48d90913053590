"""What a team looks at closely: a person, an operator beside peers and roster, the link between the two.

Everything here is read off the evidence that teams have; nothing knows the truth. `until` is how many events have
arrived, all of them where it is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from simulator.console.frames import Frames, Rows, day_of
from simulator.schema import EVENT

OPENS = ("view", "unmask", "print", "issue")
"""Acts by which somebody's record is on the screen or on paper."""


class Looker(NamedTuple):
    """What one member of staff did with one person."""

    staff_code: str
    name: str
    section: str
    events: int
    days: int
    without_case: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the evidence shows them.

    Attributes:
        facts: their row of the people.
        household: the people of the same household, without themselves.
        rows: the events that concerned them, in time order.
        lookers: who caused those events, most events first.
        cases: their cases.
        staff: the staff number, if the person works here.
        listed: in how many lists of several people they were shown.
    """

    facts: Mapping[str, Any]
    household: Sequence[Mapping[str, Any]]
    rows: Rows
    lookers: Sequence[Looker]
    cases: Sequence[Mapping[str, Any]]
    staff: str | None
    listed: int


class Measure(NamedTuple):
    """A figure of an operator beside those of the peers (same section, themselves left out)."""

    name: str
    own: float
    peers: tuple[float, ...]

    @property
    def median(self) -> float | None:
        """The median of the peers; None without any."""
        return float(np.median(self.peers)) if self.peers else None

    @property
    def rank(self) -> int:
        """1 if nobody of the peers has more."""
        return 1 + sum(value > self.own for value in self.peers)


@dataclass(frozen=True, slots=True)
class Operator:
    """A member of staff as the evidence shows them.

    Attributes:
        facts: their row of the staff list.
        days: days with events or duty, in order, with the number of events.
        day: the day looked at.
        duty: their row of the roster on that day; None if absent.
        rows: their events of that day.
        measures: figures of the whole time beside the peers.
    """

    facts: Mapping[str, Any]
    days: Mapping[date, int]
    day: date
    duty: Mapping[str, Any] | None
    rows: Rows
    measures: Sequence[Measure]


class Tie(NamedTuple):
    """One thing that connects an operator and a person, and what it was read from."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """Operator and person side by side.

    Attributes:
        ties: what connects them by the evidence.
        rows: the operator's events that concerned the person.
        around: the operator's events with the rest of the person's household.
        others: colleagues of the operator's section who had the person on their screen, by number of events.
        cases: the person's cases; `fits` tells whether it is of the operator's section.
    """

    ties: Sequence[Tie]
    rows: Rows
    around: Rows
    others: Sequence[Looker]
    cases: Sequence[Mapping[str, Any]]


def person(frames: Frames, number: str, until: int | None = None) -> Person | None:
    """The person with the number `number`; None if the evidence has none."""
    row = frames.person_rows.get(number)
    if row is None:
        return None
    facts, rows = frames.people.row(row, named=True), _arrived(frames.rows_of_person[row], until)
    own = frames.staff.filter(pl.col("person_no") == number)["staff_code"]
    seen = frames.shown.filter(pl.col("person_no") == number)["event_id"]
    return Person(
        facts=facts, household=_household(frames, facts), rows=rows, lookers=_lookers(frames, rows),
        cases=_cases(frames, number), staff=own[0] if len(own) else None,
        listed=sum(frames.event_rows.get(event, _never(frames)) < _stop(frames, until) for event in seen.unique()),
    )  # fmt: skip


def _household(frames: Frames, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    if facts["household_no"] is None:
        return []
    same = frames.people.filter(pl.col("household_no") == facts["household_no"])
    return same.filter(pl.col("person_no") != facts["person_no"]).to_dicts()


def _cases(frames: Frames, number: str) -> list[dict[str, Any]]:
    return frames.cases.filter(pl.col("person_no") == number).sort("opened").to_dicts()


def _lookers(frames: Frames, rows: Rows) -> list[Looker]:
    part = frames.events[rows].select("staff_code", "section", "at", "case_no")
    grouped = part.group_by("staff_code").agg(
        pl.col("section").cast(pl.String).last(),
        pl.len().alias("events"), pl.col("at").dt.date().n_unique().alias("days"),
        pl.col("case_no").is_null().sum().alias("without"),
        pl.col("at").min().dt.strftime("%Y-%m-%d %H:%M").alias("first"),
        pl.col("at").max().dt.strftime("%Y-%m-%d %H:%M").alias("last"),
    )  # fmt: skip
    ordered = grouped.sort(["events", "staff_code"], descending=[True, False]).iter_rows()
    return [Looker(code, frames.staff_name(code), *rest) for code, *rest in ordered]


def operator(frames: Frames, code: str, day: date | None = None, until: int | None = None) -> Operator | None:
    """The member of staff `code` on `day` (their last with events if None); None if the evidence has none."""
    row = frames.staff_rows.get(code)
    if row is None:
        return None
    facts, rows = frames.staff.row(row, named=True), _arrived(frames.rows_of_staff[row], until)
    days = _days(frames, code, rows)
    chosen = day or _last_busy(days) or frames.span[0].date()
    duty = frames.roster.filter((pl.col("staff_code") == code) & (pl.col("day") == chosen)).to_dicts()
    of_day = rows[day_of(frames.at_ms[rows]) == _day_number(chosen)]
    measures = _measures(frames, facts, until)
    return Operator(facts, days, chosen, duty[0] if duty else None, of_day, measures)


def _days(frames: Frames, code: str, rows: Rows) -> dict[date, int]:
    numbers, counts = np.unique(day_of(frames.at_ms[rows]), return_counts=True)
    busy = {_date(number): int(count) for number, count in zip(numbers, counts, strict=True)}
    duties = frames.roster.filter(pl.col("staff_code") == code)["day"].to_list()
    return {day: busy.get(day, 0) for day in sorted({*busy, *duties})}


def _last_busy(days: Mapping[date, int]) -> date | None:
    return max((day for day, count in days.items() if count), default=None)


def _measures(frames: Frames, facts: Mapping[str, Any], until: int | None) -> list[Measure]:
    section = frames.staff.filter(pl.col("section") == facts["section"])["staff_code"].to_list()
    own = _figures(frames, facts["staff_code"], until)
    peers = [_figures(frames, code, until) for code in section if code != facts["staff_code"]]
    busy = [figures for figures in peers if figures["events"]]
    return [Measure(name, value, tuple(figures[name] for figures in busy)) for name, value in own.items()]


def _figures(frames: Frames, code: str, until: int | None) -> dict[str, float]:
    """Figures of one operator: counts, and shares of the events that opened a record."""
    rows = _arrived(frames.rows_of_staff[frames.staff_rows[code]], until)
    keys, codes = frames.keys, [EVENT["action"].choices.index(action) for action in OPENS]
    opened = rows[np.isin(keys["action"][rows], codes)]
    days = len(np.unique(day_of(frames.at_ms[rows])))
    whole = max(len(opened), 1)
    return {
        "events": float(len(rows)),
        "events_per_day": len(rows) / max(days, 1),
        "people": float(len(np.unique(keys["person_no"][opened]))),
        "opens_per_person": len(opened) / max(len(np.unique(keys["person_no"][opened])), 1),
        "without_case": float((keys["case_no"][opened] < 0).sum()) / whole,
        "off_duty": float(frames.flags["off_duty"][rows].sum()) / max(len(rows), 1),
        "alerts": float(frames.flags["protected_alert"][rows].sum()),
    }


def link(frames: Frames, code: str, number: str, until: int | None = None) -> Link | None:
    """What connects the member of staff `code` with the person `number`; None if the evidence lacks either."""
    staff_row, person_row = frames.staff_rows.get(code), frames.person_rows.get(number)
    if staff_row is None or person_row is None:
        return None
    staff, someone = frames.staff.row(staff_row, named=True), frames.people.row(person_row, named=True)
    about = _arrived(frames.rows_of_person[person_row], until)
    rows = about[frames.keys["staff_code"][about] == staff_row]
    mates = _mates(frames, staff)
    others = [looker for looker in _lookers(frames, about) if looker.staff_code in mates]
    cases = [{**case, "fits": case["section"] == staff["section"]} for case in _cases(frames, number)]
    return Link(_ties(frames, staff, someone), rows, _around(frames, staff_row, someone, until), others, cases)


def _mates(frames: Frames, staff: Mapping[str, Any]) -> set[str]:
    same = frames.staff.filter(pl.col("section") == staff["section"])["staff_code"].to_list()
    return set(same) - {staff["staff_code"]}


def _ties(frames: Frames, staff: Mapping[str, Any], someone: Mapping[str, Any]) -> list[Tie]:
    ties = []
    if staff["person_no"] == someone["person_no"]:
        ties.append(Tie("self", str(someone["person_no"])))
    for kind in ("household_no", "address", "district"):
        home = staff[kind] if staff[kind] is not None else _home(frames, staff, kind)
        if home is not None and home == someone[kind]:
            ties.append(Tie(kind, str(home)))
    surname = _surname(staff["name"])
    if surname and surname == _surname(someone["name"]):
        ties.append(Tie("surname", surname))
    works = frames.staff.filter(pl.col("person_no") == someone["person_no"]).to_dicts()
    if works and works[0]["staff_code"] != staff["staff_code"]:
        near = works[0]["section"] == staff["section"]
        ties.append(Tie("same_section" if near else "colleague", works[0]["staff_code"]))
    return ties


def _home(frames: Frames, staff: Mapping[str, Any], kind: str) -> Any:
    row = frames.person_rows.get(staff["person_no"] or "")
    return None if row is None else frames.people[kind][row]


def _surname(name: str | None) -> str:
    parts = (name or "").replace("\u3000", " ").split()
    return parts[0] if len(parts) > 1 else ""


def _around(frames: Frames, staff_row: int, someone: Mapping[str, Any], until: int | None) -> Rows:
    mates = [frames.person_rows[mate["person_no"]] for mate in _household(frames, someone)]
    rows = _arrived(frames.rows_of_staff[staff_row], until)
    return rows[np.isin(frames.keys["person_no"][rows], mates)]


def _arrived(rows: Rows, until: int | None) -> Rows:
    return rows if until is None else rows[rows < until]


def _stop(frames: Frames, until: int | None) -> int:
    return len(frames.events) if until is None else until


def _never(frames: Frames) -> int:
    return len(frames.events)


def _day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _date(number: int) -> date:
    return date.fromordinal(int(number) + date(1970, 1, 1).toordinal())
