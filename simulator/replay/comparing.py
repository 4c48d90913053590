"""What the server did otherwise than the log says: by answers, and, where its log can be read, column by column."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from simulator.replay.asking import Row
from simulator.replay.driving import Replayed

OTHERWISE = ("event_id", "at", "session_id", "dwell_s", "approval_id", "override_id", "extraction_id", "document_no")
"""Clock, numbers and session: what cannot be the same."""


class Difference(NamedTuple):
    """One thing of one event that is not the same.

    Attributes:
        event_id: of the run.
        column: what differs.
        run: as the run has it.
        server: as the server has it.
    """

    event_id: int
    column: str
    run: Any
    server: Any


@dataclass(slots=True)
class Summary:
    """What a replay came to.

    Attributes:
        events: of the days.
        asked: those that were asked again.
        same: those of them in which nothing differs.
        not_held: why the others were not asked, with how many.
        columns: what differs, in how many events.
        examples: the first difference of each column.
        opened: requests that had to be made besides: see `Replayed.opened`.
    """

    events: int = 0
    asked: int = 0
    same: int = 0
    not_held: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Difference] = field(default_factory=dict)
    opened: int = 0

    def add(self, done: Sequence[Replayed], found: Sequence[Difference]) -> None:
        """Count what was done on a day, and what was found."""
        asked = [each for each in done if not each.step.why_not]
        self.events, self.asked = self.events + len(done), self.asked + len(asked)
        self.same += len(asked) - len({each.event_id for each in found})
        self.not_held.update(each.step.why_not for each in done if each.step.why_not)
        self.columns.update(each.column for each in found)
        self.examples = {each.column: each for each in reversed(found)} | self.examples
        self.opened += sum(each.opened for each in done)


def differences(done: Sequence[Replayed], log: Mapping[int, Row] | None = None) -> list[Difference]:
    """What differs in each event that was asked.

    Args:
        done: what became of each.
        log: events of the server by number, each with ``shown``; without it only the answers are compared.
    """
    found: list[Difference] = []
    numbers = _numbered(done, sorted(log)) if log is not None else {}
    for place, each in enumerate(done):
        if each.step.why_not:
            continue
        event = each.step.event
        if log is None:
            found += _answer(event, each)
        elif (row := log.get(numbers.get(place, -1))) is not None:
            found += _columns(event, row)
        else:
            found.append(Difference(event["event_id"], "event", "recorded", each.code))
    return found


def _numbered(done: Sequence[Replayed], numbers: Sequence[int]) -> dict[int, int]:
    """The server's number of each step: what the answer says, else the next one; after what was asked before it."""
    last, given = (numbers[0] - 1 if numbers else 0), {}
    for place, each in enumerate(done):
        last += each.opened
        if each.recorded:
            last = each.event or last + 1
            given[place] = last
    return given


def _columns(event: Row, row: Row) -> list[Difference]:
    names = [name for name in event if name not in OTHERWISE]
    return [Difference(event["event_id"], name, event[name], row[name]) for name in names if event[name] != row[name]]


def _answer(event: Row, each: Replayed) -> list[Difference]:
    wanted = {"allow": "ok", "mask": "ok", "approval": "approval_needed"}.get(event["decision"], "refused")
    nobody = wanted == "ok" and each.code == "not_found" and not event["rows_returned"]
    got = "ok" if nobody else each.code if each.code in ("ok", "approval_needed") else "refused"
    found = [] if got == wanted else [Difference(event["event_id"], "decision", event["decision"], each.code)]
    if got == wanted == "ok" and not nobody and event["hits"] is not None and each.hits != event["hits"]:
        found.append(Difference(event["event_id"], "hits", event["hits"], each.hits))
    return found
