"""A log that grows one event at a time: each event bears a link, the hash of the link before and of what it says.

The link covers the canonical record of the event and of everyone it showed, so an event edited, removed, inserted or
moved breaks the chain there. A tail that was cut, or a chain rewritten as a whole, shows only against a head that was
kept elsewhere (registry.md 4.2).
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from simulator.access.ask import Ask, Ruling
from simulator.access.log.record import TOKEN_BYTES
from simulator.clock import to_ms
from simulator.registry import FOLDS, query
from simulator.schema import EVENT, SHOWN, Column, Table

Row = Mapping[str, Any]
_NOTHING = b"\x00" * TOKEN_BYTES


class Tokens(Protocol):
    """Pseudonyms of the live log's realm."""

    def staff(self, staff_no: int) -> bytes:
        """Of a member of staff."""
        ...

    def resident(self, resident_no: int) -> bytes | None:
        """Of a resident; None for a number that nobody has, found out by the same statement."""
        ...

    def household(self, resident_no: int) -> bytes | None:
        """Of the household of a resident; likewise."""
        ...

    def search(self, text: str) -> bytes:
        """Of a text searched."""
        ...


class Link(NamedTuple):
    """One event of a chain as it is kept: the event, the residents it showed in order, its link."""

    event: Row
    shown: Sequence[Row]
    link: bytes


def event_row(ask: Ask, ruling: Ruling, event_id: int, municipality: str, tokens: Tokens) -> dict[str, Any]:
    """The event (table ``event``) that `ask` and its `ruling` leave in the log of `municipality`."""
    single = ask.target is not None and ask.action not in ("search", "list", "export", "login", "logout")
    resident = tokens.resident(ask.target) if single and ask.target is not None else None
    household = tokens.household(ask.target) if single and ask.target is not None else None
    keys, text = _searched(ask)
    return {
        "event_id": event_id, "at": ask.at, "system": ask.system, "screen": ask.screen, "session_id": ask.session,
        "actor": tokens.staff(ask.staff_no), "role": ruling.role, "section": ruling.section, "office": ruling.office,
        "terminal": ask.terminal, "auth_method": ask.auth_method, "action": ask.action, "purpose": ask.purpose,
        "case_no": ask.case_no, "search_keys": keys, "search_token": None if text is None else tokens.search(text),
        "match": ask.search.match if ask.search else None, "hits": ruling.hits, "resident": resident,
        "household": household, "resident_municipality": None if resident is None else municipality,
        "protected_alert": ruling.protected_alert, "fields": "+".join(ruling.fields) or None,
        "rows_returned": len(ruling.residents), "decision": ruling.decision, "reason": ruling.reason,
        "approval_id": ruling.approval_id, "override_id": ruling.override_id, "extraction_id": ruling.extraction_id,
        "dwell_s": ask.dwell_s, "grounds": ask.grounds, "my_number": ruling.my_number,
        "document_no": ruling.document_no, "sheets": ruling.sheets, "printer": ruling.printer,
    }  # fmt: skip


def shown_rows(ask: Ask, ruling: Ruling, event_id: int, tokens: Tokens) -> list[dict[str, Any]]:
    """The rows of table ``shown``: everyone that a list, a household or an extraction showed."""
    if ask.action not in ("search", "list", "export") and ask.screen != "household":
        return []
    return [
        {"event_id": event_id, "rank": rank, "resident": tokens.resident(no), "household": tokens.household(no)}
        for rank, no in enumerate(ruling.residents)
    ]


def _searched(ask: Ask) -> tuple[str | None, str | None]:
    """Which details were used with how many characters, and what was typed, folded; None without search."""
    if ask.search is None:
        return None, None
    keys = query(ask.search.name).keys
    folded = [FOLDS[key.fold](text) for key, text in zip(keys, ask.search.texts, strict=True)]
    labels = [f"{keys[0].label}:{max(1, len(folded[0]))}", *(key.label for key in keys[1:])]
    return "+".join(labels), "|".join([ask.search.name, *folded])


def record(table: Table, row: Row) -> bytes:
    """The canonical record of one row, byte for byte that of `simulator.access.log.record.pack`."""
    values: list[int | bytes] = []
    nulls = 0
    for place, (name, scalar) in enumerate(_SCALARS[table.name]):
        value = row[name]
        nulls |= (value is None) << place
        values.append(scalar(value))
    return _STRUCTS[table.name].pack(*values, nulls)


def link(previous: bytes, event: Row, shown: Iterable[Row] = ()) -> bytes:
    """The link of `event`, which showed `shown`, after `previous` (32 bytes; of the first, the root of its run)."""
    people = b"".join(record(SHOWN, each) for each in shown)
    return hashlib.sha256(previous + record(EVENT, event) + people).digest()


def broken(first: bytes, first_id: int, links: Iterable[Link]) -> tuple[int, str] | None:
    """The first event of a chain that is not as it was written, and what is wrong; None if it holds.

    Args:
        first: what the chain begins with, 32 bytes.
        first_id: event_id of its first event.
        links: its events in the order of their numbers.
    """
    previous, expected = first, first_id
    for each in links:
        found = int(each.event["event_id"])
        if found != expected:
            return expected, "is missing" if found > expected else f"is there twice or out of order: {found}"
        if not _holds(previous, each):
            return found, "was edited, or the one before it was exchanged: its link does not hold"
        previous, expected = each.link, expected + 1
    return None


def _holds(previous: bytes, each: Link) -> bool:
    try:
        return link(previous, each.event, each.shown) == each.link
    except (struct.error, KeyError, TypeError, AttributeError, OverflowError):  # values that no event can have
        return False


def _scalar(column: Column) -> tuple[str, Any]:
    if column.choices:
        places = {choice: place for place, choice in enumerate(column.choices)}
        return "B", lambda value: 0 if value is None else places[value]
    kind = str(column.dtype)
    if kind == "Boolean":
        return "B", bool
    if kind == "Binary":
        return f"{TOKEN_BYTES}s", lambda value: value or _NOTHING
    if kind == "String":
        return f"{TOKEN_BYTES}s", _digest
    return ("q" if kind == "Int64" or kind.startswith("Datetime") else "I"), _number


def _digest(value: str | None) -> bytes:
    return _NOTHING if value is None else hashlib.sha256(value.encode()).digest()[:TOKEN_BYTES]


def _number(value: int | datetime | None) -> int:
    return to_ms(value) if isinstance(value, datetime) else value or 0


_SCALARS = {
    table.name: [(column.name, _scalar(column)[1]) for column in table] for table in (EVENT, SHOWN)
}  # fmt: skip
_STRUCTS = {
    table.name: struct.Struct(">" + "".join(_scalar(column)[0] for column in table) + "Q") for table in (EVENT, SHOWN)
}  # fmt: skip
