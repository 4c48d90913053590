"""Approvals and break-glass: who released what to whom, looked up in time order.

An approval of the day, by somebody else of the section, for the purpose and the resident, releases what waits for it.
Breaking the glass releases a resident to the one who broke it, for an hour; somebody else of the section must review
it by approving on the same resident, within a day, or the next break-glass is refused.
Source: registry.md 2.5 (automatic end after 60 minutes; an un-reviewed break-glass blocks the next one).
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from simulator.access.columns import Columns, Ints, one_of
from simulator.clock import from_ms
from simulator.schema.vocabulary import ACTIONS

OVERRIDE_MS = 60 * 60_000
REVIEW_MS = 24 * 60 * 60_000
Key = tuple[int, int, int, int]
Entry = tuple[int, int, int, str]
Broken = tuple[int, int, int, int]
_APPROVE = next(i for i, term in enumerate(ACTIONS) if term.code == "approve")


def mark(kind: str, at_ms: int, terminal: str) -> str:
    """The number of an approval, break-glass or extraction: when and where it was made, so it needs no counter."""
    return f"{kind}{from_ms(at_ms):%Y%m%d%H%M%S}{at_ms % 1000:03d}-{terminal}"


@dataclass(frozen=True, slots=True)
class Act:
    """A request as approvals see it; `target` is resident_no or -1."""

    at: int
    tie: int
    day: int
    staff: int
    section: int
    purpose: int
    target: int
    terminal: str


@dataclass(slots=True)
class Grants:
    """What was released.

    Attributes:
        approvals: by day, section, purpose and resident.
        overrides: by staff and resident.
        reviews: approvals by section and resident, of any day.
        broken: at, tie, section and resident of each break-glass, by staff.
    """

    approvals: dict[Key, list[Entry]] = field(default_factory=dict)
    overrides: dict[tuple[int, int], list[Entry]] = field(default_factory=dict)
    reviews: dict[tuple[int, int], list[tuple[int, int, int]]] = field(default_factory=dict)
    broken: dict[int, list[Broken]] = field(default_factory=dict)

    def approve(self, act: Act) -> str:
        """Take an approval and give its number."""
        number = mark("AP", act.at, act.terminal)
        key = (act.day, act.section, act.purpose, act.target)
        insort(self.approvals.setdefault(key, []), (act.at, act.tie, act.staff, number))
        insort(self.reviews.setdefault((act.section, act.target), []), (act.at, act.tie, act.staff))
        return number

    def override(self, act: Act) -> str:
        """Take a break-glass and give its number."""
        number = mark("OV", act.at, act.terminal)
        insort(self.overrides.setdefault((act.staff, act.target), []), (act.at, act.tie, act.staff, number))
        insort(self.broken.setdefault(act.staff, []), (act.at, act.tie, act.section, act.target))
        return number

    def found(self, act: Act) -> tuple[str | None, str | None]:
        """The approval and the break-glass that were there before `act` and release it."""
        before = (act.at, act.tie, -1, "")
        approved = _until(self.approvals.get((act.day, act.section, act.purpose, act.target), []), before)
        others = [entry for entry in approved if entry[2] != act.staff]
        own = _until(self.overrides.get((act.staff, act.target), []), before)
        held = [entry for entry in own if act.at - entry[0] < OVERRIDE_MS]
        return others[-1][3] if others else None, held[-1][3] if held else None

    def unreviewed(self, act: Act) -> bool:
        """Whether a break-glass of the asker has been waiting for its review for a day or longer."""
        return any(
            act.at - at >= REVIEW_MS and not self._reviewed(act, (at, tie, section, target))
            for at, tie, section, target in self.broken.get(act.staff, [])
        )

    def _reviewed(self, act: Act, broken: Broken) -> bool:
        at, tie, section, target = broken
        return any(
            staff != act.staff and (at, tie) < (when, order) < (act.at, act.tie)
            for when, order, staff in self.reviews.get((section, target), [])
        )

    def take(self, columns: Columns, section: Ints, allowed: Ints, terminals: list[str]) -> list[int]:
        """Take the approvals and break-glass among the `allowed` rows, in time order; give those refused for review."""
        rows = allowed[one_of(columns.action[allowed], ACTIONS, "approve", "override")]
        rows = rows[np.lexsort((columns.tie[rows], columns.at[rows]))]
        refused = []
        for row, act in zip(rows.tolist(), acts(columns, section, rows, terminals), strict=True):
            if int(columns.action[row]) == _APPROVE:
                self.approve(act)
            elif self.unreviewed(act):
                refused.append(row)
            else:
                self.override(act)
        return refused

    def blocked(self, columns: Columns, section: Ints, rows: Ints, terminals: list[str]) -> list[int]:
        """Which of `rows`, refused for something else, break the glass while an earlier one waits for its review."""
        broken = rows[one_of(columns.action[rows], ACTIONS, "override")]
        tried = zip(broken.tolist(), acts(columns, section, broken, terminals), strict=True)
        return [row for row, act in tried if self.unreviewed(act)]


def acts(columns: Columns, section: Ints, rows: Ints, terminals: list[str]) -> Iterator[Act]:
    """The requests at `rows` as approvals see them."""
    part = columns.take(rows)
    lists = (part.at, part.tie, part.day, part.staff, section[rows], part.purpose, part.target, part.terminal)
    for at, tie, day, staff, place, purpose, target, terminal in zip(*(each.tolist() for each in lists), strict=True):
        yield Act(at, tie, day, staff, place, purpose, target, terminals[terminal])


def _until(entries: list[Entry], before: Entry) -> list[Entry]:
    return entries[: bisect_left(entries, before)]
