"""The register as a SQLite file: written from a population, and asked by SQL made from the same declarations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from simulator import storage
from simulator.registry.lookup import FOLDS, LOOKUP, Register, lookup
from simulator.registry.queries import queries, query
from simulator.registry.query import Key, Query
from simulator.schema import ADDRESS, CHANGE, HOUSEHOLD, PROTECTION, RESIDENT

ORDER = "r.kana_key, r.birth_date, r.resident_no"
_SOURCE = (
    "resident r JOIN lookup l ON l.resident_no = r.resident_no JOIN address a ON a.address_no = r.address_no "
    "LEFT JOIN protection p ON p.resident_no = r.resident_no AND p.valid_from <= :day AND :day < p.valid_to"
)
_LIVE = "l.entered_on <= :day AND (l.left_on IS NULL OR :day < l.left_on)"
_CONDITIONS = {
    "exact": "{column} = :text0",
    "prefix": "{column} >= :text0 AND ({column} < :after0 OR :after0 IS NULL)",
    "partial": "instr({column}, :text0) > 0",
}
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def write_database(register: Register, path: Path) -> None:
    """Write the register to the new SQLite file `path`: schema, bulk rows, then indexes; the same bytes each time.

    Raises:
        ExistsError: `path` is already there.
        StorageError: the disk would not take it.
    """
    tables = {
        RESIDENT: register.residents.sort("resident_no"),
        HOUSEHOLD: register.households.sort("household_no"),
        ADDRESS: register.addresses.sort("address_no"),
        CHANGE: register.changes.sort("change_no"),
        PROTECTION: register.protections.sort("resident_no"),
        LOOKUP: lookup(register),
    }
    storage.create_database(path, tables, _indexes())


def _indexes() -> dict[str, list[tuple[str, ...]]]:
    columns: dict[str, set[tuple[str, ...]]] = {"address": set(), "lookup": set(), "change": {("resident_no",)}}
    columns["resident"] = {("address_no",)}
    for each in queries().values():
        first = each.keys[0]
        columns[_table(first)].add((first.column,))
    return {table: sorted(groups) for table, groups in sorted(columns.items())}


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a search found.

    Attributes:
        count: how many residents match, not more than `Asked.most` + 1.
        guarded: how many of them are protected.
        residents: resident_no of the first of them, in the order of candidates.
    """

    count: int
    guarded: int
    residents: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One search as typed.

    Attributes:
        name: of the query.
        match: exact, prefix or partial.
        texts: what was typed for each of its keys, unfolded.
        day: on which the records must be live.
        guarded_too: whether protected residents are found.
        limit: how many are listed.
        most: how many are counted.
    """

    name: str
    match: str
    texts: tuple[str, ...]
    day: date
    guarded_too: bool = True
    limit: int = 50
    most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Database:
    """An open register in SQLite, read-only."""

    connection: storage.Connection

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open the file `path`.

        Raises:
            MissingError: there is no such file.
        """
        return cls(storage.connect(path))

    def find(self, asked: Asked) -> Found:
        """Whom `asked` finds: a count first, rows only as many as wanted.

        Raises:
            UnknownNameError: there is no such query.
            DamagedError: the file is damaged.
        """
        sql, values = _statement(query(asked.name), asked)
        counted = f"SELECT count(*) AS hits, count(g) AS guarded FROM (SELECT p.resident_no AS g {sql} LIMIT :most)"  # noqa: S608 - names of declared columns only
        (total,) = self.connection.select(counted, {**values, "most": asked.most + 1})
        listed = f"SELECT r.resident_no AS resident_no {sql} ORDER BY {ORDER} LIMIT :limit"
        rows = self.connection.select(listed, {**values, "limit": asked.limit})
        return Found(total["hits"], total["guarded"], tuple(row["resident_no"] for row in rows))

    def record(self, resident_no: int) -> dict[str, Any] | None:
        """Everything the register holds of one resident, or None."""
        sql = (
            "SELECT r.*, a.*, l.*, h.head AS head FROM resident r JOIN lookup l ON l.resident_no = r.resident_no "
            "JOIN address a ON a.address_no = r.address_no JOIN household h ON h.household_no = r.household_no "
            "WHERE r.resident_no = :resident_no"
        )
        rows = self.connection.select(sql, {"resident_no": resident_no})
        return rows[0] if rows else None

    def protected(self, resident_no: int, day: date) -> bool:
        """Whether the resident is under a protection measure on `day`."""
        sql = "SELECT 1 FROM protection WHERE resident_no = :no AND valid_from <= :day AND :day < valid_to"
        return bool(self.connection.select(sql, {"no": resident_no, "day": day.isoformat()}))


def _statement(found: Query, asked: Asked) -> tuple[str, dict[str, Any]]:
    match = found.match(asked.match)
    conditions, values = [_LIVE], dict[str, Any](day=asked.day.isoformat())
    for place, (key, text) in enumerate(zip(found.keys, asked.texts, strict=True)):
        form = _CONDITIONS[match] if place == 0 else _CONDITIONS["exact"].replace("text0", f"text{place}")
        conditions.append(form.format(column=_column(key)))
        values[f"text{place}"] = FOLDS[key.fold](text)
    if match == "prefix":
        values["after0"] = after(values["text0"])
    if not asked.guarded_too:
        conditions.append("p.resident_no IS NULL")
    return f"FROM {_SOURCE} WHERE {' AND '.join(conditions)}", values


def after(text: str) -> str | None:
    """The least text after every one that begins with `text`; None if there is none."""
    for place in range(len(text) - 1, -1, -1):
        following = ord(text[place]) + 1
        if following <= _LAST_CHARACTER:
            return text[:place] + chr(_SURROGATES.stop if following in _SURROGATES else following)
    return None


def _table(key: Key) -> str:
    return "address" if key.in_address else "lookup" if key.column in LOOKUP.names else "resident"


def _column(key: Key) -> str:
    return f"{_table(key)[0]}.{key.column}"


def key_values(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What the record `values` gives to type into the query `name`, already folded."""
    return tuple(str(values[key.column]) for key in query(name).keys)
