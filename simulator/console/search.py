"""Finding events: a filter, the rows it leaves, and one page of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.clock import JST, to_ms
from simulator.console.frames import CODED, SHOWN, Frames, Rows
from simulator.schema import EVENT

PAGE_ROWS = 50
ORDERS = ("at", "event_id", "staff_code", "section", "person_no", "case_no", "dwell_s", "hits", "rows_returned")
"""Columns that the table can be ordered by."""
Mask = npt.NDArray[np.bool_]
Kept = Callable[[Rows], Mask]
"""Tells which of some rows a condition keeps."""
_NONE = -2
_EVENT_DIGITS = 17  # below 2^53
_TIME_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; an empty value asks for nothing. All that is asked for must hold.

    Attributes:
        text: part of a number or name of staff or person, or of a case number; or the number of an event.
        staff: a staff number, or part of a name.
        person: a person's number, or part of a name.
        start, end: from (inclusive) and to (exclusive), as ``2025-07-01`` or ``2025-07-01T17:15``.
        section, system, screen, role, auth_method, action, purpose, decision: one code.
        case: ``with`` or ``without`` a case number.
        off_duty: only outside the operator's hours on the roster.
        alert: only with the alert of a protection measure.
        order: column to order by; `descending` turns it round.
    """

    text: str = ""
    staff: str = ""
    person: str = ""
    start: str = ""
    end: str = ""
    section: str = ""
    system: str = ""
    screen: str = ""
    role: str = ""
    auth_method: str = ""
    action: str = ""
    purpose: str = ""
    decision: str = ""
    case: str = ""
    off_duty: bool = False
    alert: bool = False
    order: str = "at"
    descending: bool = False

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """The filter that `plain` wrote; what this version does not know is left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})

    def plain(self) -> dict[str, Any]:
        """What differs from an empty filter."""
        empty = asdict(Filter())
        return {name: value for name, value in asdict(self).items() if value != empty[name]}

    @property
    def asks(self) -> int:
        """How many conditions it has."""
        return len([name for name in self.plain() if name not in {"order", "descending"}])


def parse_time(text: str) -> int | None:
    """Milliseconds since 1970 of a day or instant in Japan; None if it is neither."""
    for form in _TIME_FORMATS:
        try:
            return to_ms(datetime.strptime(text.strip(), form).replace(tzinfo=JST))
        except ValueError:
            continue
    return None


def find(frames: Frames, wanted: Filter, until: int | None = None, only: Iterable[int] | None = None) -> Rows:
    """The rows that `wanted` leaves, in its order.

    Args:
        frames: the evidence.
        wanted: what to look for.
        until: only the first so many events (what has arrived in live mode).
        only: only these events, by `event_id`.

    Returns:
        Row numbers of `frames.events`, shape (n_found,).
    """
    start, stop = _between(frames, wanted, len(frames.events) if until is None else until)
    found = np.arange(start, stop, dtype=np.int64)
    for kept in _conditions(frames, wanted):
        found = found[kept(found)]
    if only is not None:
        found = found[np.isin(frames.keys["event_id"][found], np.fromiter(only, np.int64))]
    return _ordered(frames, found, wanted)


def _between(frames: Frames, wanted: Filter, until: int) -> tuple[int, int]:
    first, last = parse_time(wanted.start), parse_time(wanted.end)
    start = 0 if first is None else int(np.searchsorted(frames.at_ms, first))
    stop = until if last is None else min(int(np.searchsorted(frames.at_ms, last)), until)
    return min(start, until), max(stop, min(start, until))


def _conditions(frames: Frames, wanted: Filter) -> Iterator[Kept]:
    """The conditions of `wanted`, the cheap ones first: each tells which of some rows it keeps."""
    for name in (*CODED, "section"):
        if code := getattr(wanted, name):
            yield partial(_equal, frames.keys[name], _number(frames, name, code))
    for flag, asked in (("off_duty", wanted.off_duty), ("protected_alert", wanted.alert)):
        if asked:
            yield partial(_true, frames.flags[flag])
    if wanted.case:
        yield partial(_filled, frames.keys["case_no"], wanted.case == "with")
    yield from _worded(frames, wanted)


def _worded(frames: Frames, wanted: Filter) -> Iterator[Kept]:
    if wanted.staff.strip():
        yield partial(_among, _matching(frames, "staff_code", wanted.staff), frames.keys["staff_code"])
    if wanted.person.strip():
        yield partial(_among, _matching(frames, "person_no", wanted.person), frames.keys["person_no"])
    if wanted.text.strip():
        yield _anywhere(frames, wanted.text.strip())


def _equal(keys: Rows, number: int, rows: Rows) -> Mask:
    return np.asarray(keys[rows] == number)


def _true(flags: Mask, rows: Rows) -> Mask:
    return flags[rows]


def _filled(keys: Rows, filled: bool, rows: Rows) -> Mask:  # noqa: FBT001 - bound by partial
    return np.asarray((keys[rows] >= 0) == filled)


def _among(chosen: Mask, keys: Rows, rows: Rows) -> Mask:
    """Whether the key of each of `rows` is `chosen`; -1 never is."""
    return np.asarray(np.append(chosen, [False])[keys[rows]])


def _number(frames: Frames, name: str, code: str) -> int:
    choices = frames.sections_named if name == "section" else EVENT[name].choices
    return choices.index(code) if code in choices else _NONE


def _anywhere(frames: Frames, text: str) -> Kept:
    keys = frames.keys
    number = int(text) if text.isdecimal() and len(text) < _EVENT_DIGITS else _NONE
    parts: tuple[Kept, ...] = (
        partial(_among, _matching(frames, "staff_code", text), keys["staff_code"]),
        partial(_among, _matching(frames, "person_no", text), keys["person_no"]),
        partial(_among, _matching(frames, "case_no", text), keys["case_no"]),
        partial(_equal, keys["event_id"], number),
    )
    return lambda rows: np.logical_or.reduce([part(rows) for part in parts])


def _matching(frames: Frames, key: str, text: str) -> Mask:
    """Which of the staff, people or cases have `text`, spaces not considered, in their number or name."""
    plain = "".join(text.split())
    found = [part.str.contains(plain, literal=True).fill_null(value=False).to_numpy() for part in frames.words[key]]
    return np.asarray(np.logical_or.reduce(found))


def _ordered(frames: Frames, found: Rows, wanted: Filter) -> Rows:
    if wanted.order in ORDERS and wanted.order != "at":
        keys = frames.keys[wanted.order][found]
        last = keys.max(initial=0) + 1
        keys = np.where(keys < 0, last + 1, last - keys if wanted.descending else keys)
        return found[np.argsort(keys, kind="stable")]
    return found[::-1] if wanted.descending else found


def page(frames: Frames, found: Rows, number: int, size: int = PAGE_ROWS) -> list[dict[str, Any]]:
    """Rows of the table on the page `number`, from 1: plain values, with the names of staff and person."""
    part = found[(number - 1) * size : number * size]
    return told(frames, part)


def told(frames: Frames, rows: Rows, columns: Iterable[str] = SHOWN) -> list[dict[str, Any]]:
    """The events of `rows` as plain values: codes as text, instants as text, with `staff_name` and `person_name`."""
    chosen = frames.events[rows].select(list(dict.fromkeys((*columns, "staff_i", "person_i", "off_duty"))))
    named = chosen.with_columns(
        pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S"),
        frames.staff["name"][chosen["staff_i"]].alias("staff_name"),
        _taken(frames.people["name"], chosen["person_i"]).alias("person_name"),
    )
    return named.drop("staff_i", "person_i").to_dicts()


def _taken(names: pl.Series, places: pl.Series) -> pl.Series:
    return pl.select(pl.lit(names).gather(pl.lit(places))).to_series() if len(names) else places.cast(pl.String)


def suggest(frames: Frames, key: str, text: str, most: int = 12) -> list[tuple[str, str | None]]:
    """Numbers and names of the staff or people (`key`) that have `text` in either, in order of the number."""
    frame = frames.staff if key == "staff_code" else frames.people
    hit = frame.filter(pl.Series(_matching(frames, key, text))) if text else frame
    return list(hit.select(key, "name").head(most).iter_rows())
