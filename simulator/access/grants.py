"""Approvals and break-glass of the day: who released what to whom, looked up in time order."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from simulator.access.columns import Columns, Flags, Ints, one_of
from simulator.clock import from_ms
from simulator.schema.vocabulary import ACTIONS

Key = tuple[int, int, int, int]
Entry = tuple[int, int, int, str]


def mark(kind: str, at_ms: int, terminal: str) -> str:
    """The number of an approval, break-glass or extraction: when and where it was made, so it needs no counter."""
    return f"{kind}{from_ms(at_ms):%Y%m%d%H%M%S}{at_ms % 1000:03d}-{terminal}"


@dataclass(slots=True)
class Grants:
    """Approvals by (day, section, purpose, resident) and break-glass by (day, staff, -1, resident)."""

    approvals: dict[Key, list[Entry]] = field(default_factory=dict)
    overrides: dict[Key, list[Entry]] = field(default_factory=dict)

    def add(self, columns: Columns, section: Ints, allowed: Flags, terminals: list[str]) -> None:
        """Take the approvals and break-glass among allowed requests."""
        rows = np.flatnonzero(allowed & one_of(columns.action, ACTIONS, "approve", "override"))
        made = columns.take(rows)
        approving = one_of(made.action, ACTIONS, "approve").tolist()
        for place, (approval, override, at, tie, staff) in enumerate(_rows(made, section[rows])):
            kept, key, kind = (self.approvals, approval, "AP") if approving[place] else (self.overrides, override, "OV")
            insort(kept.setdefault(key, []), (at, tie, staff, mark(kind, at, terminals[made.terminal[place]])))

    def find(self, columns: Columns, section: Ints, rows: Ints) -> Iterator[tuple[int, str | None, str | None]]:
        """For each of `rows` the approval and the break-glass that was there before it."""
        waiting = _rows(columns.take(rows), section[rows])
        for row, (approval, override, at, tie, staff) in zip(rows.tolist(), waiting, strict=True):
            before = (at, tie, -1, "")
            others = [e for e in _until(self.approvals, approval, before) if e[2] != staff]
            own = _until(self.overrides, override, before)
            yield row, others[-1][3] if others else None, own[-1][3] if own else None


def _rows(columns: Columns, section: Ints) -> Iterator[tuple[Key, Key, int, int, int]]:
    """Key of approvals, key of break-glass, at, tie and staff_no of each request."""
    lists = (columns.day, section, columns.purpose, columns.target, columns.at, columns.tie, columns.staff)
    for day, place, purpose, target, at, tie, staff in zip(*(each.tolist() for each in lists), strict=True):
        yield (day, place, purpose, target), (day, staff, -1, target), at, tie, staff


def _until(entries: dict[Key, list[Entry]], key: Key, before: Entry) -> list[Entry]:
    found = entries.get(key, [])
    return found[: bisect_left(found, before)]
