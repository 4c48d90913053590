"""The register in a database: written from a population, and asked by SQL made from the same declarations."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from simulator import storage
from simulator.errors import MissingError, UnknownNameError
from simulator.registry import fence
from simulator.registry.grams import wanted
from simulator.registry.layout import MUNICIPALITY, gram_table, home, layout
from simulator.registry.lookup import LOOKUP, Register, key_texts
from simulator.registry.queries import query
from simulator.registry.query import Key, Query
from simulator.registry.standing import Standing
from simulator.schema import ADDRESS, HOUSEHOLD, RESIDENT, Column

ORDER = "r.kana_key, r.birth_date, r.resident_no"
_RESIDENTS = "resident r JOIN lookup l ON l.resident_no = r.resident_no "
_ADDRESSES = "JOIN address a ON a.address_no = r.address_no "
_PROTECTIONS = "LEFT JOIN protection p ON p.resident_no = r.resident_no AND p.valid_from <= :day AND :day < p.valid_to"
_LIVE = "l.entered_on <= :day AND (l.left_on IS NULL OR :day < l.left_on)"
_PRESENT = (
    f"SELECT r.resident_no AS no FROM {_RESIDENTS}{_PROTECTIONS} "  # noqa: S608 - names of declared columns only
    f"WHERE {_LIVE} AND (:all OR p.resident_no IS NULL)"
)
_WITHIN = {"sqlite": "instr({column}, :text0) > 0", "postgresql": "strpos({column}, :text0) > 0"}
_INDEXED = {
    "sqlite": "{key} IN (SELECT rowid FROM {table} WHERE {table} MATCH :grams)",
    "postgresql": "{key} IN (SELECT {name} FROM {table} WHERE grams @> CAST(:grams AS integer[]))",
}
_SCHEMAS = (
    "SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = :name "
    "AND starts_with(coalesce(obj_description(c.oid, 'pg_class'), ''), 'jukisim') ORDER BY n.nspname"
)
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_LARGEST = 2**63
_COLUMNS: dict[str, Column] = {column.name: column for table in (ADDRESS, RESIDENT, LOOKUP) for column in table}
_FLAGS = tuple(c.name for table in (RESIDENT, ADDRESS, LOOKUP, HOUSEHOLD) for c in table if c.dtype == pl.Boolean)


def write_database(register: Register, path: Path) -> None:
    """Write the register to the new SQLite file `path`: schema, bulk rows, then indexes; the same bytes each time.

    Raises:
        ExistsError: `path` is already there.
        StorageError: the disk would not take it.
    """
    storage.create_database(path, layout(register))


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
    """An open register, in SQLite or PostgreSQL; both answer alike."""

    connection: storage.Connection

    @classmethod
    def open(cls, place: Path | str, *, municipality: str | None = None, schema: str | None = None) -> "Database":
        """Open the SQLite file or the PostgreSQL database (``postgresql://…``) for reading.

        In PostgreSQL only the rows of the municipality whose register it is are seen; `within` says otherwise.

        Args:
            place: where it is.
            municipality: six digits; needed where a PostgreSQL database holds several.
            schema: of PostgreSQL; if not given, that of the municipality.

        Raises:
            MissingError: there is no such file or no register, or the extra ``postgres`` is not installed.
            UnknownNameError: the municipality is not among those that the database holds.
            StorageError: it cannot be opened.
        """
        if not (isinstance(place, str) and storage.is_postgres(place)):
            return cls(storage.connect(Path(place)))
        connection = storage.connect_postgres(place, schema=schema or _schema_of(place, municipality))
        try:
            (whose,) = connection.select("SELECT code FROM municipality", {})
            connection.become(fence.REGISTER_ROLE)
            opened = cls(connection)
            opened.within("municipality", whose["code"])
        except BaseException:
            connection.close()
            raise
        return opened

    def within(self, scope: str, municipality: str, own: int | None = None) -> None:
        """See no row beyond `scope` from here on: the second fence, in PostgreSQL; nothing in SQLite, which has none.

        Args:
            scope: none, self, municipality or nation.
            municipality: six digits of the one who asks.
            own: resident_no of the one who asks, for ``self``.

        Raises:
            StorageError: the database is gone.
        """
        if self.connection.dialect == "postgresql":
            values = {"reach": fence.reach(scope, municipality, own)}
            self.connection.select("SELECT set_config('jukisim.reach', :reach, false)", values)

    def find(self, asked: Asked) -> Found:
        """Whom `asked` finds: a count first; residents are listed only if they are not more than `asked.most`.

        Raises:
            UnknownNameError: there is no such query.
            DamagedError: the database is damaged.
            StorageError: it is locked or gone.
        """
        sql, values = _statement(query(asked.name), asked, self.connection.dialect)
        counted = (
            f"SELECT count(*) AS hits, count(g) AS guarded FROM (SELECT p.resident_no AS g {sql} LIMIT :most) AS f"  # noqa: S608 - names of declared columns only
        )
        (total,) = self.connection.select(counted, {**values, "most": asked.most + 1})
        if not asked.limit or total["hits"] > asked.most:
            return Found(total["hits"], total["guarded"], ())
        listed = f"SELECT r.resident_no AS resident_no {sql} ORDER BY {ORDER} LIMIT :limit"
        rows = self.connection.select(listed, {**values, "limit": asked.limit})
        return Found(total["hits"], total["guarded"], tuple(row["resident_no"] for row in rows))

    def nationwide(self, asked: Asked) -> Found:
        """The same: it knows no other municipality."""
        return self.find(asked)

    def record(self, resident_no: int) -> dict[str, Any] | None:
        """Everything the register holds of one resident, or None. Days are ISO 8601 text."""
        sql = (
            "SELECT r.*, a.*, l.*, h.head AS head FROM resident r JOIN lookup l ON l.resident_no = r.resident_no "
            "JOIN address a ON a.address_no = r.address_no JOIN household h ON h.household_no = r.household_no "
            "WHERE r.resident_no = :resident_no"
        )
        rows = self.connection.select(sql, {"resident_no": resident_no})
        return {**rows[0], **{name: bool(rows[0][name]) for name in _FLAGS if name in rows[0]}} if rows else None

    def protected(self, resident_no: int, day: date) -> bool:
        """Whether the resident is under a protection measure on `day`."""
        sql = "SELECT 1 AS held FROM protection WHERE resident_no = :no AND valid_from <= :day AND :day < valid_to"
        return bool(self.connection.select(sql, {"no": resident_no, "day": day}))

    def standing(self, resident_no: int, day: date) -> Standing:
        """How the resident stands on `day`; the same one statement whoever it is, all False if nobody."""
        sql = (
            "SELECT l.entered_on <= :day AND (l.left_on IS NULL OR :day < l.left_on) AS live, "
            "l.left_on IS NOT NULL AND l.left_on <= :day AS removed, p.resident_no IS NOT NULL AS protected "
            "FROM lookup l LEFT JOIN protection p ON p.resident_no = l.resident_no AND p.valid_from <= :day "
            "AND :day < p.valid_to WHERE l.resident_no = :no"
        )
        rows = self.connection.select(sql, {"no": resident_no, "day": day})
        row = rows[0] if rows else {"live": 0, "removed": 0, "protected": 0}
        return Standing(bool(row["live"]), bool(row["removed"]), bool(row["protected"]))

    def household(self, resident_no: int, day: date, *, guarded_too: bool) -> tuple[int, ...]:
        """Who lives in the household of the resident on `day`, in the order of candidates."""
        home = "(SELECT household_no FROM resident WHERE resident_no = :no)"
        sql = f"{_PRESENT} AND r.household_no = {home} ORDER BY {ORDER}"
        values = {"no": resident_no, "day": day, "all": guarded_too}
        return tuple(row["no"] for row in self.connection.select(sql, values))

    def select(self, born: tuple[date, date], day: date, *, guarded_too: bool, limit: int) -> tuple[int, ...]:
        """The first `limit` residents on `day` born after the first and up to the second of `born`."""
        sql = f"{_PRESENT} AND r.birth_date > :after AND r.birth_date <= :until ORDER BY r.resident_no LIMIT :limit"
        values = {"day": day, "all": guarded_too, "limit": limit}
        values |= {"after": born[0], "until": born[1]}
        return tuple(row["no"] for row in self.connection.select(sql, values))


def _schema_of(address: str, municipality: str | None) -> str:
    registers = _registers(address)
    if not registers:
        msg = f"{storage.without_password(address)} holds no register; jukisim seed RUN DATABASE_URL fills it"
        raise MissingError(msg)
    if municipality is None and len(registers) == 1:
        return next(iter(registers.values()))
    if municipality not in registers:
        raise UnknownNameError("municipality", str(municipality), registers, storage.without_password(address))
    return registers[municipality]


def _registers(address: str) -> dict[str, str]:
    """The schema of each municipality whose register the database holds."""
    connection = storage.connect_postgres(address)
    try:
        found = connection.select(_SCHEMAS, {"name": MUNICIPALITY.name})
        asking = {row["schema"]: f'SELECT code FROM "{row["schema"]}".municipality' for row in found}  # noqa: S608 - a name that the database gave
        codes = {schema: connection.select(sql, {}) for schema, sql in asking.items()}
    finally:
        connection.close()
    return {rows[0]["code"]: schema for schema, rows in codes.items() if rows}


def _statement(found: Query, asked: Asked, dialect: storage.Dialect) -> tuple[str, dict[str, Any]]:
    match, first = found.match(asked.match), found.keys[0]
    values: dict[str, Any] = {f"text{place}": _value(*pair) for place, pair in enumerate(_typed(found, asked))}
    others = [f"{_column(key)} = :text{place}" for place, key in enumerate(found.keys[1:], 1)]
    hidden = [] if asked.guarded_too else ["p.resident_no IS NULL"]
    own, more = _CONDITIONS[match](first, values["text0"], dialect)
    conditions = [_LIVE, *own, *others, *hidden]
    addresses = _ADDRESSES if any(key.in_address for key in found.keys) else ""
    return f"FROM {_RESIDENTS}{addresses}{_PROTECTIONS} WHERE {' AND '.join(conditions)}", {
        **values,
        **more,
        "day": asked.day,
    }


def _typed(found: Query, asked: Asked) -> list[tuple[Key, str]]:
    return list(zip(found.keys, key_texts(found, asked.match, asked.texts), strict=True))


def _value(key: Key, text: str) -> str | int | date | None:
    """What folded `text` is in the column of `key`; None, which nothing equals, where it can be none of its values."""
    kind = _COLUMNS[key.column].dtype
    if kind == pl.Date:
        return _day(text)
    if kind.is_integer():
        return _number(text)
    if "\x00" in text or any(ord(c) in _SURROGATES for c in text):
        return None
    return text


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) < len(str(_LARGEST))
    return int(text) if plain and str(int(text)) == text else None


def _exact(key: Key, _value: Any, _dialect: storage.Dialect) -> tuple[list[str], dict[str, Any]]:
    return [f"{_column(key)} = :text0"], {}


def _prefix(key: Key, value: str | None, _dialect: storage.Dialect) -> tuple[list[str], dict[str, Any]]:
    end = None if value is None else after(value)
    conditions = [f"{_column(key)} >= :text0", f"{_column(key)} < :after0"]
    return (conditions, {"after0": end}) if end is not None else (conditions[:1], {})


def _partial(key: Key, value: str | None, dialect: storage.Dialect) -> tuple[list[str], dict[str, Any]]:
    within = _WITHIN[dialect].format(column=_column(key))
    if not value:
        return [within], {}
    table, numbers = gram_table(key), wanted(value, key.column)
    name = table.key[0]
    indexed = _INDEXED[dialect].format(key=f"{name[0]}.{name}", name=name, table=table.name)
    return [indexed, within], {"grams": " AND ".join(map(str, numbers)) if dialect == "sqlite" else numbers}


_CONDITIONS = {"exact": _exact, "prefix": _prefix, "partial": _partial}


def after(text: str) -> str | None:
    """The least text after every one that begins with `text`; None if there is none."""
    for place in range(len(text) - 1, -1, -1):
        following = ord(text[place]) + 1
        if following <= _LAST_CHARACTER:
            return text[:place] + chr(_SURROGATES.stop if following in _SURROGATES else following)
    return None


def _column(key: Key) -> str:
    return f"{home(key)[0]}.{key.column}"
