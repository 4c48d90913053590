"""Approvals and break-glass of the day: who released what to whom, looked up in time order."""

from bisect import bisect_left
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
        approving = one_of(columns.action, ACTIONS, "approve")
        breaking = one_of(columns.action, ACTIONS, "override")
        for row in np.flatnonzero(allowed & (approving | breaking)).tolist():
            kept, kind = (self.approvals, "AP") if approving[row] else (self.overrides, "OV")
            key = _keys(columns, section, row)[0 if approving[row] else 1]
            at, name = int(columns.at[row]), terminals[columns.terminal[row]]
            entries = kept.setdefault(key, [])
            entries.append((at, int(columns.tie[row]), int(columns.staff[row]), mark(kind, at, name)))
            entries.sort()

    def find(self, columns: Columns, section: Ints, rows: Ints) -> Iterator[tuple[int, str | None, str | None]]:
        """For each of `rows` the approval and the break-glass that was there before it."""
        for row in rows.tolist():
            approval, override = _keys(columns, section, row)
            before = (int(columns.at[row]), int(columns.tie[row]), -1, "")
            staff = int(columns.staff[row])
            others = [e for e in _until(self.approvals, approval, before) if e[2] != staff]
            own = _until(self.overrides, override, before)
            yield row, others[-1][3] if others else None, own[-1][3] if own else None


def _keys(columns: Columns, section: Ints, row: int) -> tuple[Key, Key]:
    day, target = int(columns.day[row]), int(columns.target[row])
    return (day, int(section[row]), int(columns.purpose[row]), target), (day, int(columns.staff[row]), -1, target)


def _until(entries: dict[Key, list[Entry]], key: Key, before: Entry) -> list[Entry]:
    found = entries.get(key, [])
    return found[: bisect_left(found, before)]
