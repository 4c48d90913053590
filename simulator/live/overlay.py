"""The register as changed since the run was made: what `update` and `protect` recorded, laid over it.

The changes are few and come from the live log alone, so opening a log again gives the same register. The gate asks
this as it would ask the register (`simulator.access.records.Records`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from simulator.live.entering import ENTERED, Issuer, folded, new_row, recorded
from simulator.live.people import NOBODY
from simulator.registry import Asked, Database, Found, Standing, key_texts, particulars, query

Row = dict[str, Any]
Snapshot = tuple[dict[int, Row], dict[int, list[Row]], dict[int, Row], dict[int, int | None], set[tuple[str, int]], int]
_REMOVING = ("転出", "死亡", "職権消除", "転出確定")
_MEASURE = ("protected_from", "protected_to", "other_party")


class Beyond(Protocol):
    """The other municipalities."""

    def record(self, code: str, number: int) -> Row:
        """The record of a resident of one of them, as the run was made."""
        ...

    def find(self, asked: Asked, own: "Overlay") -> Found:
        """Whom a search finds in `own` and all of them."""
        ...

    def persons(self, numbers: Iterable[int]) -> dict[int, Row]:
        """The rows of their residents, by number."""
        ...


@dataclass(slots=True)
class Overlay:
    """The register of one municipality with the changes of the live log.

    Attributes:
        base: the register as the run has it.
        changed: full rows of the residents that changed, by resident_no.
        recorded: the changes of each, oldest first.
        received: the days, from the first to the one after the last, on which measures of other municipalities hold.
        beyond: the other municipalities of the run; None where there is none.
        issuer: gives newcomers their numbers.
        newcomers: whose household each joined, by resident_no; None for one of their own. Those who came again too.
        closed: sender and event of the notices by which records of those who moved were closed.
    """

    base: Database
    changed: dict[int, Row] = field(default_factory=dict)
    recorded: dict[int, list[Row]] = field(default_factory=dict)
    received: dict[int, list[tuple[date, date]]] = field(default_factory=dict)
    beyond: Beyond | None = None
    issuer: Issuer | None = None
    newcomers: dict[int, int | None] = field(default_factory=dict)
    closed: set[tuple[str, int]] = field(default_factory=set)
    _original: dict[int, Row] = field(default_factory=dict)
    _entered: int = 0

    def apply(self, number: int, detail: Mapping[str, Any], day: date) -> None:
        """Lay what the log's `detail` of an event on `day` says over the resident `number`."""
        if "measure" in detail:
            self._patch(number, _measure(detail["measure"]))
        if "change" not in detail:
            return
        change = detail["change"]
        patch = _change(change, day)
        if "notice" in change:
            self.closed.add((change["notice"][0], change["notice"][1]))
            (row,) = self.persons([number])
            patch["left_on"] = min(patch["left_on"], row["left_on"] or patch["left_on"])
        concerned = self._together(number, day) if change["reason"] == "転居" else (number,)
        for each in concerned:
            before = self._patch(each, patch)
            row = {
                "happened_on": change["happened_on"], "notified_on": day.isoformat(), "reason": change["reason"],
                "address_from": before["address"], "address_to": patch.get("address", change.get("destination")),
            }  # fmt: skip
            self.recorded.setdefault(each, []).append(row)

    def enter(self, entry: Mapping[str, Any], day: date) -> int:
        """Add the newcomer that `entry` of the log's event on `day` states; gives the new resident_no."""
        serial, joined, again = self._entered, entry.get("joined"), entry.get("again")
        number = ENTERED + serial if again is None else again
        home = self.persons([joined])[0] if joined is not None else None
        empty = dict.fromkeys(particulars.persons(self.base.connection, [0])[0])
        assert self.issuer is not None  # noqa: S101 - a register that is read has none, and enters nobody
        own: Row = {"resident_no": number}
        before = None
        if again is not None:
            (before,) = self.persons([again])
            own |= {name: before[name] for name in _MEASURE}
        elif self.beyond is not None and "from" in entry:
            before = self.beyond.record(*recorded(entry))
        if home is None:
            own |= {"household_no": ENTERED + serial, "head": number}
        row = new_row(entry, day, empty, home, before) | own
        if before is None:
            row["resident_code"], row["my_number"] = self.issuer.numbers(serial, self.base)
        self._lay(number, row)
        self.newcomers[number], self._entered = joined, serial + 1
        self.recorded.setdefault(number, []).append(
            {
                "happened_on": entry["happened_on"], "notified_on": day.isoformat(), "reason": entry["reason"],
                "address_from": row["came_from"], "address_to": row["address"],
            }
        )  # fmt: skip
        return number

    def receive(self, received: Mapping[int, list[tuple[date, date]]]) -> None:
        """Know from now on what other municipalities forwarded, and nothing else of theirs."""
        self.received = dict(received)
        for number in self.received:
            self._patch(number, {})

    def number(self, resident_code: str) -> int | None:
        """resident_no of whoever has `resident_code`; None if nobody here."""
        entered = (no for no in self.newcomers if self.changed[no]["resident_code"] == resident_code)
        return next(entered, None) or particulars.number(self.base.connection, resident_code)

    def identity(self, number: int) -> tuple[str, int] | None:
        """Resident code and household of the resident `number`, or None."""
        row = self.changed.get(number) if number in self.newcomers else None
        return particulars.identity(self.base.connection, number) if row is None else (
            row["resident_code"], row["household_no"]
        )  # fmt: skip

    def snapshot(self) -> Snapshot:
        """How it is now, for `back_to`."""
        recorded = {no: list(rows) for no, rows in self.recorded.items()}
        laid = dict(self.changed), recorded, dict(self._original), dict(self.newcomers)
        return *laid, set(self.closed), self._entered

    def back_to(self, before: Snapshot) -> None:
        """Be as it was at a snapshot."""
        self.changed, self.recorded, self._original, self.newcomers, self.closed, self._entered = before

    def persons(self, numbers: Sequence[int]) -> list[Row]:
        """One row for each of `numbers`, as the register stands now."""
        own = [number for number in numbers if number <= NOBODY]
        rows = {row["resident_no"]: row for row in particulars.persons(self.base.connection, own)}
        if self.beyond is not None and len(own) < len(numbers):
            rows |= self.beyond.persons(numbers)
        found = (self.changed.get(number) or rows.get(number) for number in numbers)
        return [row for row in found if row is not None]

    def changes(self, number: int) -> list[Row]:
        """The changes of record of the resident `number`, oldest first."""
        return [*particulars.changes(self.base.connection, number), *self.recorded.get(number, [])]

    def nationwide(self, asked: Asked) -> Found:
        """Whom a search over the network finds."""
        return self.find(asked) if self.beyond is None else self.beyond.find(asked, self)

    def find(self, asked: Asked) -> Found:
        """Whom a search finds."""
        if not self.changed:
            return self.base.find(asked)
        matches = _matcher(asked)
        old = [
            no for no, row in self._original.items() if matches(row) and _shows(row, asked, _guarded(row, asked.day))
        ]
        new = [
            row for row in self.changed.values() if matches(row) and _shows(row, asked, self._guarded(row, asked.day))
        ]
        wider = replace(asked, limit=asked.limit and asked.limit + len(old), most=asked.most + len(old))
        found = self.base.find(wider)
        count = found.count - len(old) + len(new)
        guarded = found.guarded - sum(_guarded(self._original[no], asked.day) for no in old)
        guarded += sum(self._guarded(row, asked.day) for row in new)
        if count > asked.most:
            return Found(asked.most + 1, guarded, ())
        kept = [no for no in found.residents if no not in self.changed]
        listed = self._sorted([*particulars.persons(self.base.connection, kept), *new]) if new else kept
        return Found(count, guarded, tuple(listed[: asked.limit]))

    def standing(self, resident_no: int, day: date) -> Standing:
        """How the resident stands on `day`."""
        stands = self.base.standing(resident_no, day)
        row = self.changed.get(resident_no)
        if row is None:
            return stands
        return Standing(_live(row, day), row["left_on"] is not None and not _live(row, day), self._guarded(row, day))

    def household(self, resident_no: int, day: date, *, guarded_too: bool) -> tuple[int, ...]:
        """Who lives with the resident on `day`, in the order of candidates; for nobody, nothing is looked up."""
        if resident_no == NOBODY:
            return ()
        first = self._first(resident_no)
        base = () if first in self.newcomers else self.base.household(first, day, guarded_too=guarded_too)
        if not self.changed:
            return base
        home = self.identity(resident_no)
        theirs = [row for row in self.changed.values() if home is not None and row["household_no"] == home[1]]
        if not theirs and not any(no in self.changed for no in base):
            return base
        kept = particulars.persons(self.base.connection, [no for no in base if no not in self.changed])
        new = [row for row in theirs if _live(row, day) and (guarded_too or not self._guarded(row, day))]
        return tuple(self._sorted([*kept, *new]))

    def select(self, born: tuple[date, date], day: date, *, guarded_too: bool, limit: int) -> tuple[int, ...]:
        """The first `limit` residents on `day` born after the first and up to the second of `born`."""
        base = self.base.select(born, day, guarded_too=guarded_too, limit=limit + len(self.changed))
        after, until = (each.isoformat() for each in born)
        new = (
            no
            for no, row in self.changed.items()
            if after < row["birth_date"] <= until and _live(row, day) and (guarded_too or not self._guarded(row, day))
        )
        return tuple(sorted([*(no for no in base if no not in self.changed), *new])[:limit])

    def _patch(self, number: int, patch: Mapping[str, Any]) -> Row:
        """Change the row of `number`; gives it as it was before."""
        (before,) = self.persons([number])
        self._lay(number, folded({**before, **patch}))
        return before

    def _lay(self, number: int, row: Row) -> None:
        """Let `row` be the record of `number`, and remember what the register of the run has."""
        if number not in self.changed and number < ENTERED:
            (self._original[number],) = particulars.persons(self.base.connection, [number])
        self.changed[number] = row

    def _guarded(self, row: Row, day: date) -> bool:
        """Whether a measure of this municipality, or one that it received, holds on `day`."""
        received = self.received.get(row["resident_no"], ())
        return _guarded(row, day) or any(first <= day < end for first, end in received)

    def _first(self, number: int) -> int:
        """The resident of the run whose household a newcomer joined, perhaps through others; else the number itself."""
        joined = self.newcomers.get(number)
        return number if joined is None else self._first(joined)

    def _together(self, number: int, day: date) -> tuple[int, ...]:
        return self.household(number, day, guarded_too=True) or (number,)

    @staticmethod
    def _sorted(rows: Iterable[Row]) -> list[int]:
        key = sorted(rows, key=lambda row: (row["kana_key"], row["birth_date"], row["resident_no"]))
        return [row["resident_no"] for row in key]


def _change(change: Mapping[str, Any], day: date) -> Row:
    names = ("family_name", "given_name", "family_kana", "given_kana", "address")
    patch: Row = {name: change[name] for name in names if name in change}
    if change["reason"] in _REMOVING:
        patch["left_on"] = max(change["happened_on"], day.isoformat())
    if change["reason"] == "転出取消":
        patch["left_on"] = None
    return patch


def _measure(measure: Mapping[str, str]) -> Row:
    held = measure["since"] < measure["until"]
    days = (measure["since"], measure["until"], measure["other_party"]) if held else (None, None, None)
    return dict(zip(_MEASURE, days, strict=True))


def _live(row: Row, day: date) -> bool:
    on = day.isoformat()
    return row["entered_on"] <= on and (row["left_on"] is None or on < row["left_on"])


def _guarded(row: Row, day: date) -> bool:
    return row["protected_from"] is not None and row["protected_from"] <= day.isoformat() < row["protected_to"]


def _shows(row: Row, asked: Asked, guarded: bool) -> bool:  # noqa: FBT001 - what is known of the row
    return _live(row, asked.day) and (asked.guarded_too or not guarded)


def _matcher(asked: Asked) -> Callable[[Row], bool]:
    """Whether a row has what was typed."""
    declared = query(asked.name)
    match = declared.match(asked.match)
    typed = key_texts(declared, asked.match, asked.texts)
    (first, text), *others = ((key.column, each) for key, each in zip(declared.keys, typed, strict=True))

    def matches(row: Row) -> bool:
        held = str(row[first])
        found = held.startswith(text) if match == "prefix" else text in held if match == "partial" else held == text
        return found and all(str(row[column]) == other for column, other in others)

    return matches
