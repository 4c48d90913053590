"""From events of the log to requests: who asked, what, about whom, and by which text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

import polars as pl

from simulator.clock import from_ms, to_ms
from simulator.dataset import Dataset
from simulator.errors import UsageError
from simulator.live.office import LiveOffice, Member
from simulator.live.opening import LOG_BITS, office_of, residents_of
from simulator.live.people import NOBODY, People
from simulator.live.question import Question, Shape
from simulator.live.questions import questions
from simulator.live.questions._searching import FORMS, typed
from simulator.registry import Database, particulars, queries

Row = dict[str, Any]
WHY = "replayed"
"""What is stated where the log holds no words: the reason of a break-glass."""
_MOST_TRIED = 60
_NEXT = 3
_TAX = ("tax_certificate", "income_tax")
_FORM = {typed(dict.fromkeys(form, "x"))[0]: form for form in FORMS}


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the log, and how it is asked again.

    Attributes:
        event: the event, as a row of the log, with ``shown``: the residents it showed.
        question: name of the question; "login" and "logout" for sessions; empty where it cannot be asked.
        body: what is stated.
        why_not: why it cannot be asked again; empty where it can.
        first: the request that an approval releases, which the log of a run holds only once it is released.
    """

    event: Row
    question: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""
    first: "Step | None" = None

    @property
    def headers(self) -> dict[str, str]:
        """Purpose, case, grounds and system."""
        stated = {"X-Purpose": "purpose", "X-Case-No": "case_no", "X-Grounds": "grounds", "X-System": "system"}
        return {name: self.event[column] for name, column in stated.items() if self.event[column] is not None}


@dataclass(frozen=True, slots=True)
class Asker:
    """Turns events of one municipality into requests.

    Attributes:
        office: who the actors are.
        people: who the residents are.
        register: where their details are.
    """

    office: LiveOffice
    people: People
    register: Database

    @classmethod
    def of(cls, run: Path, municipality: str | None = None, keys: Path | None = None) -> Self:
        """Open register and keys of the run at `run`.

        Raises:
            MissingError, UsageError: as of `Live.open`.
        """
        return cls(office_of(run, municipality, keys), *residents_of(run, municipality, keys))

    def steps(self, events: Sequence[Row]) -> Iterator[Step]:
        """One step for each of `events`, which are whole days in order of time."""
        near = _near(events)
        released = {event["approval_id"]: place for place, event in enumerate(events) if event["action"] != "approve"}
        for place, event in enumerate(events):
            step = self._tried_step(event, near[place])
            later = released.get(event["approval_id"] or "")
            if step.question == "approve" and later is not None:
                step = replace(step, first=self._tried_step(events[later], near[later]))
            yield step

    def _tried_step(self, event: Row, near: Sequence[bytes]) -> Step:
        try:
            return self._step(event, near)
        except _NotHeldError as error:
            return Step(event, why_not=str(error))

    def log_on(self, event: Row) -> dict[str, Any]:
        """The body of the log-on of whoever made `event`."""
        staff = self.office.by_actor[event["actor"]].code
        return {"staff": staff, "terminal": event["terminal"], "auth_method": event["auth_method"]}

    def _step(self, event: Row, near: Sequence[bytes]) -> Step:
        member = self.office.by_actor.get(event["actor"])
        if member is None:
            raise _NotHeldError("nobody of the office: a machine, or a number typed wrongly")
        if event["action"] in ("login", "logout"):
            return self._session(event, member)
        asked = _QUESTIONS.get((event["action"], event["screen"]))
        if asked is None:
            msg = f"no question does {event['action']} at the screen {event['screen']}"
            raise _NotHeldError(msg)
        return Step(event, asked.name, self._values(asked, event, near))

    def _session(self, event: Row, member: Member) -> Step:
        mistaken = event["decision"] == "deny" and self._entitled(member, event["at"].date())
        return Step(event, event["action"], self.log_on(event) | ({"credential": "mistaken"} if mistaken else {}))

    def _entitled(self, member: Member, day: date) -> bool:
        own = self.office.accounts.filter(pl.col("staff_no") == member.staff_no, pl.col("valid_from") <= day)
        return not own.filter(pl.col("valid_to").is_null() | (pl.col("valid_to") > day)).is_empty()

    def _values(self, asked: Question, event: Row, near: Sequence[bytes]) -> Mapping[str, Any]:
        if asked.shape is Shape.SEARCH:
            return self._text(event, near)
        if asked.shape is Shape.RELEASE:
            return {"event": (event["purpose"], event["resident"])}  # the number is known when it is asked
        if asked.shape is not Shape.RESIDENT:
            return {}
        number = self.people.by_token(event["resident"]) if event["resident"] is not None else NOBODY
        found = particulars.identity(self.register.connection, number) if number != NOBODY else None
        if found is None:
            raise _NotHeldError("whom it concerned is not in this register: of another municipality, or an older key")
        return {"resident": self.people.handle(found[0]), **self._detail(asked, event, number)}

    def _detail(self, asked: Question, event: Row, number: int) -> Mapping[str, Any]:
        """What else the question needs and the log does not hold: something that changes nothing."""
        if asked.name == "issue":
            kind = "tax" if event["purpose"] in _TAX else "resident"
            return {"kind": kind} | ({"copies": event["sheets"]} if event["sheets"] else {})
        if asked.name == "print":
            return {"sheets": event["sheets"]} if event["sheets"] else {}
        if asked.name == "override":
            return {"why": WHY}
        if asked.name in ("update", "protect"):
            person = particulars.persons(self.register.connection, [number])[0]
            return _unchanged(asked.name, person, event["at"].date())
        return {}

    def _text(self, event: Row, near: Sequence[bytes]) -> Mapping[str, Any]:
        """The details that were typed: those of somebody it showed, or opened next, whose token is that of the log."""
        labels, length = _labels(event["search_keys"])
        fitting = {name: query for name, query in queries().items() if [k.label for k in query.keys] == labels}
        for person in self._tried([*event["shown"], *near]):
            for name, query in fitting.items():
                first, *others = (str(person[key.column]) for key in query.keys)
                texts = [first[:length], *others]
                if self.people.search("|".join([name, *texts])) == event["search_token"]:
                    return dict(zip(_FORM[name], texts, strict=True)) | {"match": event["match"]}
        raise _NotHeldError("the text of the search: it showed nobody it is of, and the log has only its token")

    def _tried(self, tokens: Sequence[bytes]) -> list[Row]:
        numbers = dict.fromkeys(self.people.by_token(token) for token in tokens)
        return particulars.persons(self.register.connection, [no for no in numbers if no != NOBODY][:_MOST_TRIED])


class _NotHeldError(Exception):
    """The log does not hold what the request needs."""


_QUESTIONS = {(each.action, each.screen): each for each in questions().values()}


def days_of(run: Dataset, municipality: str, days: tuple[date, date] | None = None) -> Iterator[list[Row]]:
    """The events of `municipality` day by day, in order, each with ``shown``: the residents that it showed.

    Args:
        run: the run.
        municipality: six digits.
        days: the first and the last; all of the run if None.

    Raises:
        UsageError: there is no event on these days.
    """
    place = [head.municipality for head in run.manifest.logs].index(municipality)
    own = pl.col("event_id").is_between((place << LOG_BITS) + 1, ((place + 1) << LOG_BITS) - 1)
    day = pl.col("at").dt.date()
    events = run.scan("event").filter(own, day.is_between(*days) if days else pl.lit(value=True))
    found = events.select(day.unique().sort()).collect().to_series().to_list()
    if not found:
        raise UsageError("the run has no event on these days; its data card says which days it covers")
    for each in found:
        yield _rows(run, events.filter(day == each).sort("event_id").collect())


def _rows(run: Dataset, events: pl.DataFrame) -> list[Row]:
    low, high = events["event_id"][0], events["event_id"][-1]
    seen = run.scan("shown").filter(pl.col("event_id").is_between(low, high)).sort("event_id", "rank")
    shown = dict(seen.group_by("event_id").agg("resident").collect().iter_rows())
    return [
        {**row, "at": from_ms(to_ms(row["at"])), "shown": shown.get(row["event_id"], [])} for row in events.to_dicts()
    ]


def _near(events: Sequence[Row]) -> list[list[bytes]]:
    """For each event, whom the session opened next."""
    ahead: dict[int, list[bytes]] = {}
    found: list[list[bytes]] = []
    for event in reversed(events):
        mine = ahead.setdefault(event["session_id"], [])
        found.append(list(mine))
        if event["resident"] is not None:
            ahead[event["session_id"]] = [event["resident"], *mine][:_NEXT]
    return found[::-1]


def _labels(keys: str) -> tuple[list[str], int]:
    """``kana:4+birth`` as its labels, and how many characters of the first were typed."""
    first, *others = keys.split("+")
    label, length = first.split(":")
    return [label, *others], int(length)


def _unchanged(name: str, person: Row, day: date) -> Mapping[str, Any]:
    """A change that leaves the record as it is."""
    if name == "update":
        return {"reason": "職権修正", "family_name": person["family_name"]}
    since, until = person["protected_from"] or day.isoformat(), person["protected_to"] or day.isoformat()
    return {"since": since, "until": until, "other_party": person["other_party"] or WHY}
