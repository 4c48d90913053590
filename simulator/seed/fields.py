"""Field maps: the register laid out as another system needs it, by a TOML file that users edit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from simulator import registry, spec
from simulator.errors import SpecError, UnknownNameError
from simulator.schema import Column, Table
from simulator.seed.sheets import UNITS, Limit, Sheets

STATUSES = ("sure", "assumed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One column of the receiving system.

    Attributes:
        name: there.
        source: columns here; several are joined by `join`.
        join: between several.
        value: the same text in every row, instead of a source.
        values: other words for codes; one that is not listed is refused.
        format: of days, as strftime has it; of nothing else.
        missing: what stands for null.
        width: how much fits; more is refused.
        unit: of the width: chars, utf16 or bytes.
        pad: fills a fixed-width file.
        left: whether it is filled on the left.
        status: of the item itself: sure or assumed.
        note: in words.
    """

    name: str
    source: tuple[str, ...] = ()
    join: str = ""
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    missing: str | None = None
    width: int | None = None
    unit: str = "chars"
    pad: str = " "
    left: bool = False
    status: str = "sure"
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: neither or both of source and value, or a unit, pad or status that does not exist.
        """
        if bool(self.source) == (self.value is not None):
            msg = f"{self.name}: give either source (columns of ours) or value (a fixed text)"
            raise ValueError(msg)
        if self.unit not in UNITS or self.status not in STATUSES or len(self.pad) != 1:
            msg = f"{self.name}: unit is one of {', '.join(UNITS)}; status sure or assumed; pad one character"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedTable:
    """One table of the receiving system.

    Attributes:
        name: there.
        source: resident, household, address, change or protection.
        key: columns there that identify a row.
        item: its columns, in order.
    """

    name: str
    source: str
    item: tuple[Item, ...]
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """A field map: what it is for, and its tables in the order of loading."""

    table: tuple[MappedTable, ...]
    title: str = ""

    def shows(self, column: str) -> bool:
        """Whether some item comes from our `column`."""
        return any(column in item.source for table in self.table for item in table.item)


def shipped() -> list[str]:
    """The names of the maps that come with us."""
    folder = resources.files("simulator.seed") / "layouts"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load(name: str) -> FieldMap:
    """The map of the TOML file `name`, or the one that comes with us under that name.

    Raises:
        UnknownNameError: neither is there, or a key is unknown.
        SpecError: the file does not hold.
    """
    path = Path(name)
    if not name.endswith(".toml"):
        if name not in shipped():
            raise UnknownNameError("field map", name, [*shipped(), "FILE.toml"])
        path = Path(str(resources.files("simulator.seed") / "layouts" / f"{name}.toml"))
    return spec.build(FieldMap, spec.read_toml(path), str(path))


def lay_out(register: registry.Register, fields: FieldMap) -> Sheets:
    """The tables that `fields` asks for.

    Raises:
        UnknownNameError: a source that there is not.
        SpecError: a code without its word, a format of what is no day, or a key that is not unique.
    """
    views: dict[str, Callable[[], pl.DataFrame]] = {
        "resident": partial(_residents, register),
        "household": partial(_households, register),
        "address": lambda: register.addresses,
        "change": lambda: _joined(register.changes, register),
        "protection": lambda: _joined(register.protections, register),
    }
    tables: dict[Table, pl.DataFrame] = {}
    limits: dict[tuple[str, str], Limit] = {}
    for wanted in fields.table:
        if wanted.source not in views:
            raise UnknownNameError("source", wanted.source, views, f"table {wanted.name}")
        frame = _frame(_with_place(views[wanted.source](), register), wanted)
        tables[_table(wanted, frame)] = frame
        limits |= {(wanted.name, i.name): Limit(i.width, i.unit, i.pad, i.left) for i in wanted.item if i.width}
    return Sheets(tables, (), limits)


def _households(register: registry.Register) -> pl.DataFrame:
    heads = register.residents.select(
        pl.col("resident_no").alias("head"),
        *(pl.col(name).alias(f"head_{name}") for name in ("family_name", "given_name", "family_kana", "given_kana")),
    )
    homes = register.households.join(heads, on="head", how="left", maintain_order="left")
    return homes.join(register.addresses, on="address_no", how="left", maintain_order="left")


def _residents(register: registry.Register) -> pl.DataFrame:
    homes = _households(register)
    beside = [name for name in homes.columns if name not in register.residents.columns]
    return register.residents.join(
        homes.select("household_no", *beside), on="household_no", how="left", maintain_order="left"
    )


def _joined(frame: pl.DataFrame, register: registry.Register) -> pl.DataFrame:
    people = _residents(register)
    own = people.select("resident_no", *(c for c in people.columns if c not in frame.columns))
    return frame.join(own, on="resident_no", how="left", maintain_order="left")


def _with_place(frame: pl.DataFrame, register: registry.Register) -> pl.DataFrame:
    place = register.municipality
    return frame.with_columns(municipality_code=pl.lit(place.code), municipality_name=pl.lit(place.name))


def _frame(view: pl.DataFrame, wanted: MappedTable) -> pl.DataFrame:
    for item in wanted.item:
        for name in item.source:
            if name not in view.columns:
                raise UnknownNameError("source column", name, view.columns, f"{wanted.name}.{item.name}")
        _check_item(view, item, f"{wanted.name}.{item.name}")
    frame = view.select(_expression(view, item).alias(item.name) for item in wanted.item)
    twice = frame.height - frame.unique(wanted.key).height if wanted.key else 0
    if twice:
        msg = f"table {wanted.name}: key {', '.join(wanted.key)} is not unique ({twice:,} rows share theirs)"
        raise SpecError(msg)
    return frame


def _check_item(view: pl.DataFrame, item: Item, where: str) -> None:
    if item.format and not all(view[name].dtype == pl.Date for name in item.source):
        msg = f"{where}: format is of days; {', '.join(item.source)} is none"
        raise SpecError(msg)
    if item.values:
        used = set(view[item.source[0]].cast(pl.String).unique().drop_nulls().to_list())
        strange = sorted(used - set(item.values))
        if strange:
            msg = f"{where}: values has no word for {', '.join(strange)}"
            raise SpecError(msg)


def _expression(view: pl.DataFrame, item: Item) -> pl.Expr:
    if item.value is not None:
        return pl.lit(item.value)
    parts = [_part(view, name, item) for name in item.source]
    whole = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=item.join, ignore_nulls=True)
    return whole if item.missing is None else whole.cast(pl.String).fill_null(item.missing)


def _part(view: pl.DataFrame, name: str, item: Item) -> pl.Expr:
    column = pl.col(name)
    if item.format:
        return column.dt.strftime(item.format)
    if item.values:
        return column.cast(pl.String).replace_strict(dict(item.values), return_dtype=pl.String)
    plain = isinstance(view[name].dtype, pl.Enum) or len(item.source) > 1
    return column.cast(pl.String) if plain else column


def _table(wanted: MappedTable, frame: pl.DataFrame) -> Table:
    columns = tuple(_columns(wanted, frame))
    return Table(wanted.name, wanted.name, f"Laid out of {wanted.source}.", wanted.key, columns)


def _columns(wanted: MappedTable, frame: pl.DataFrame) -> Iterator[Column]:
    for item in wanted.item:
        words: Any = item.note or ("" if item.status == "sure" else "Assumed.")
        holes = item.name not in wanted.key and frame[item.name].null_count() > 0
        yield Column(item.name, frame[item.name].dtype, item.name, words, nullable=holes)
