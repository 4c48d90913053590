"""A format as a table of mappings: which member of the document holds which column, and what is derived.

A column that no field names goes under `Mapping.rest` by its own name, so a column added to the log is exported by
every format without a change there. From the same table a document is read back.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from simulator.export import json_text, patterns, side_by_side
from simulator.export.canonical import PEOPLE, tables
from simulator.export.contract import Source, plain_schema
from simulator.export.json_text import Constant, Plain, Raw, Tree
from simulator.export.patterns import Patterns
from simulator.export.side_by_side import Part
from simulator.schema import EVENT

COLUMNS = (*EVENT.names, "people")
"""What a format must give back."""
_SAFE = {c.name for c in EVENT if c.dtype != pl.String}
"""Columns whose text never needs an escape: codes, pseudonyms, instants, numbers."""
FEW = (*patterns.few(EVENT), "municipality")
"""Columns that take few values."""
_PLACE = re.compile(r"<(resident|household)>")


@dataclass(frozen=True, slots=True)
class Codec:
    """Another form of a column.

    Attributes:
        encode: makes the member from the column.
        dtype: type of the member when it is read.
        decode: makes the column from the member.
        raw: whether `encode` makes JSON, not text or a number.
    """

    encode: Callable[[pl.Expr], pl.Expr]
    dtype: Any
    decode: Callable[[pl.Expr], pl.Expr]
    raw: bool = False


def only(json: str = '["{}"]', dtype: Any = None, decode: Callable[[pl.Expr], pl.Expr] | None = None) -> Codec:
    """A code as the only member of a list, written as the template `json`; it must need no escape."""
    before, after = json.split("{}")
    return Codec(
        lambda value: pl.concat_str(pl.lit(before), value, pl.lit(after)),
        dtype or pl.List(pl.String),
        decode or (lambda value: value.list.first()),
        raw=True,
    )


def people(template: str, resident: str, household: str) -> Codec:
    """People as a list of objects.

    Args:
        template: JSON of one person, with ``<resident>`` and ``<household>`` where their pseudonyms go.
        resident: member, at the top of the object, that holds the resident.
        household: likewise.
    """
    pieces = _PLACE.split("," + template)
    person = pl.struct(
        pl.element().struct.field(resident).alias("resident"), pl.element().struct.field(household).alias("household")
    )
    return Codec(
        lambda value: value.map_batches(partial(_listed, pieces), return_dtype=pl.String),
        pl.List(pl.Struct({resident: pl.String, household: pl.String})),
        lambda value: value.list.eval(person),
        raw=True,
    )


def _listed(pieces: list[str], people: pl.Series) -> pl.Series:
    """A JSON list for each of `people`, persons as texts with, at every other place, their columns; null for nobody."""
    persons = people.explode(empty_as_null=False, keep_nulls=False)
    columns = {name: side_by_side.to_texts(persons.struct.field(name)) for name in persons.struct.fields}
    parts = [columns[piece] if place % 2 else piece.encode() for place, piece in enumerate(pieces)]
    return side_by_side.lists(side_by_side.join(parts, len(persons)), people.list.len())


TEXT = Codec(lambda value: value.cast(pl.String), pl.String, lambda value: value.cast(pl.Int64))
"""A whole number as text."""
LIST = only()
"""A code as the only member of a list."""
PERSONS = people('{"resident":"<resident>","household":"<household>"}', "resident", "household")
"""People by the names of the columns."""


@dataclass(frozen=True, slots=True)
class Field:
    """The member at `path` (names joined by dots) holds `column`, as `codec` says."""

    path: str
    column: str
    codec: Codec | None = None

    @property
    def dtype(self) -> Any:
        """The type of the member."""
        return self.codec.dtype if self.codec else _plain_types()[self.column]

    def write(self) -> pl.Expr:
        """The member from the column."""
        value = pl.col(self.column)
        return (self.codec.encode(value) if self.codec else value).alias(self.path)

    def read(self) -> pl.Expr:
        """The column from the member."""
        first, *inner = self.path.split(".")
        value = pl.col(first)
        for name in inner:
            value = value.struct.field(name)
        return (self.codec.decode(value) if self.codec else value).alias(self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One kind of document.

    Attributes:
        fields: members that hold a column.
        constants: members that are the same in every document, by path.
        derived: members made of columns, text or numbers, by path.
        derived_json: the same, as JSON.
        rest: path of the object that holds every column without a field of its own; empty: the document itself.
    """

    fields: tuple[Field, ...]
    constants: Pairs[str, Any] = field(default_factory=dict)
    derived: Pairs[str, pl.Expr] = field(default_factory=dict)
    derived_json: Pairs[str, pl.Expr] = field(default_factory=dict)
    rest: str = ""

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The fields, those of the rest included."""
        named = {entry.column for entry in self.fields}
        prefix = f"{self.rest}." if self.rest else ""
        others = (name for name in COLUMNS if name not in named)
        return (*self.fields, *(Field(prefix + n, n, PERSONS if n == "people" else None) for n in others))

    def write(self, events: pl.DataFrame, out: BinaryIO) -> None:
        """Write a document for each of the canonical `events`, one a line."""
        side_by_side.write(self._parts(events, "\n"), events.height, out)

    def documents(self, events: pl.DataFrame) -> pl.Series:
        """One JSON text for each of the canonical `events`, what is null left out."""
        return side_by_side.column(self._parts(events), events.height)

    def _parts(self, events: pl.DataFrame, end: str = "") -> list[Part]:
        few = Patterns.find(events, FEW)
        made = {**self.derived, **self.derived_json}
        members = [*(e.alias(path) for path, e in made.items()), *(f.write() for f in self.all_fields)]
        shared = [member for member in members if set(member.meta.root_names()) <= set(FEW)]
        own = [member for member in members if not set(member.meta.root_names()) <= set(FEW)]
        return json_text.parts(events.select(own), self._tree(), few.replaced(few.frame.select(shared)), end)

    def _tree(self) -> Tree:
        leaves: dict[str, Constant | Raw | Plain] = {path: Constant(value) for path, value in self.constants.items()}
        leaves |= {path: Plain(path) for path in self.derived} | {path: Raw(path) for path in self.derived_json}
        for entry in self.all_fields:
            raw = entry.codec is not None and entry.codec.raw
            leaves[entry.path] = Raw(entry.path) if raw else Plain(entry.path, entry.column in _SAFE)
        return nest(leaves)

    def read(self, path: Path) -> pl.DataFrame:
        """The canonical columns of the documents in the file `path`, one a line."""
        if not path.stat().st_size:
            return pl.DataFrame(schema=_plain_types())
        types = nest({entry.path: entry.dtype for entry in self.all_fields})
        rows = pl.read_ndjson(path, schema={name: _type(node) for name, node in types.items()})
        return rows.select(entry.read() for entry in self.all_fields).with_columns(
            pl.col("people").fill_null(pl.lit([], dtype=PEOPLE))
        )


def lines(
    suffix: str, write: Callable[[pl.DataFrame, BinaryIO], None], read: Callable[[Path], pl.DataFrame]
) -> Pairs[str, Any]:
    """`Exporter.write` and `Exporter.read` of a format that keeps the log in one file ``event…``.

    Args:
        suffix: of the file, with the dot.
        write: writes canonical events.
        read: reads the canonical columns back.
    """

    def write_all(source: Source, folder: Path) -> list[Path]:
        path = folder / f"event{suffix}"
        with path.open("wb") as out:
            for events in source.events():
                write(events, out)
        return [path]

    return {"write": write_all, "read": lambda folder: tables(read(folder / f"event{suffix}"))}


def nest(leaves: Pairs[str, Any]) -> dict[str, Any]:
    """The tree whose leaves stand at the paths of `leaves`."""
    root: dict[str, Any] = {}
    for path, leaf in leaves.items():
        *outer, name = path.split(".")
        place = root
        for part in outer:
            place = place.setdefault(part, {})
        place[name] = leaf
    return root


def _plain_types() -> dict[str, Any]:
    types = {name: pl.Int64() if dtype.is_integer() else dtype for name, dtype in plain_schema(EVENT).items()}
    return {**types, "people": PEOPLE}


def _type(node: Any) -> Any:
    return pl.Struct({name: _type(inner) for name, inner in node.items()}) if isinstance(node, dict) else node
