"""What did the register say? A record as it stood on a day, by what was known on another: two ways that must agree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from simulator.population.build import Population
from simulator.schema import FOREIGN_RESIDENT, RESIDENT, Table
from simulator.world.folding import fold_kana, fold_name

_PLACES = ("household_no", "address_no")
_DATES = pl.col("happened_on"), pl.col("recorded_on")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The register on a day.

    Attributes:
        residents: table ``resident`` of those in the register, by resident_no.
        foreigners: table ``foreign_resident`` of the foreign ones among them.
    """

    residents: pl.DataFrame
    foreigners: pl.DataFrame


def as_of(population: Population, day: date, known: date | None = None) -> Snapshot:
    """What was so on `day`, by what the register had recorded on `known` (that day itself unless told otherwise).

    A correction made later shows only where `known` is late enough; a move announced for later shows only on its day.

    Raises:
        ValueError: `day` or `known` lies before the window.
    """
    known = day if known is None else known
    _check(population, day, known)
    changes = population.changes.filter(pl.col("recorded_on") <= known)
    state = _places(population, changes.filter(pl.col("happened_on") <= day))
    latest = (
        population.items.join(changes.select("change_no", "resident_no"), on="change_no")
        .filter(pl.col("holds_since") <= day)
        .sort("change_no")
        .group_by("resident_no", "item", maintain_order=True)
        .last()
    )
    residents = _applied(population.residents, latest, RESIDENT)
    here = residents.drop(*_PLACES).join(state, on="resident_no", maintain_order="left").select(RESIDENT.names)
    return _snapshot(here, _applied(population.foreigners, latest, FOREIGN_RESIDENT))


def _check(population: Population, day: date, known: date) -> None:
    opening = population.window.start
    if min(day, known) < opening:
        msg = f"the register is told from {opening} on; {min(day, known)} is before"
        raise ValueError(msg)


def _places(population: Population, changes: pl.DataFrame) -> pl.DataFrame:
    """Household and address of everyone who is in the register after `changes`."""
    start = population.residents.filter(pl.col("resident_since") < population.window.start)
    last = (
        changes.sort("change_no")
        .group_by("resident_no", maintain_order=True)
        .last()
        .select("resident_no", household_no="household_to", address_no="address_to")
    )
    untouched = start.select("resident_no", *_PLACES).join(last, on="resident_no", how="anti")
    return pl.concat([untouched, last.drop_nulls("household_no")]).sort("resident_no")


def _applied(frame: pl.DataFrame, latest: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`frame` with the `latest` value of each item that is a column of `table`, and the keys that follow from names."""
    for (item,), rows in latest.partition_by("item", as_dict=True).items():
        if item in table.names:
            column = str(item)
            new = rows.select("resident_no", after=_typed(pl.col("after"), table[column].dtype), hit=pl.lit(value=True))
            frame = (
                frame.join(new, on="resident_no", how="left", maintain_order="left")
                .with_columns(pl.when("hit").then("after").otherwise(column).alias(column))
                .drop("after", "hit")
            )
    return frame


def _snapshot(residents: pl.DataFrame, foreigners: pl.DataFrame) -> Snapshot:
    keyed = RESIDENT.conform(
        residents.with_columns(
            name_key=_folded(residents, ("family_name", "given_name"), fold_name),
            kana_key=_folded(residents, ("family_kana", "given_kana"), fold_kana),
        )
    )
    foreign = keyed.filter(pl.col("nationality") != "JP").select("resident_no")
    here = foreigners.join(foreign, on="resident_no", how="semi").sort("resident_no")
    alias = _folded(here, ("alias",), fold_name)
    return Snapshot(keyed.sort("resident_no"), FOREIGN_RESIDENT.conform(here.with_columns(alias_key=alias)))


def _folded(frame: pl.DataFrame, columns: tuple[str, ...], fold: Any) -> pl.Series:
    whole = frame.select(pl.concat_str(columns)).to_series()
    unique = whole.drop_nulls().unique()
    return whole.replace_strict(unique, [fold(text) for text in unique], default=None, return_dtype=pl.String)


@dataclass(slots=True)
class Ledger:
    """A register that changes are entered into one by one, as an office does: for replaying a window.

    Attributes:
        population: whose.
        residents, foreigners: the records by resident_no, columns by name.
        present: who is in the register.
    """

    population: Population
    residents: dict[int, dict[str, Any]] = field(default_factory=dict)
    foreigners: dict[int, dict[str, Any]] = field(default_factory=dict)
    present: set[int] = field(default_factory=set)

    def open(self) -> None:
        """Begin with the register as it is when the window begins."""
        self.residents = {row["resident_no"]: row for row in self.population.residents.iter_rows(named=True)}
        self.foreigners = {row["resident_no"]: row for row in self.population.foreigners.iter_rows(named=True)}
        start = self.population.window.start
        self.present = {no for no, row in self.residents.items() if row["resident_since"] < start}

    def enter(self, change: dict[str, Any], items: list[dict[str, Any]]) -> None:
        """Enter one change.

        Raises:
            ValueError: the record is not as the change says that it was before.
        """
        number = change["resident_no"]
        self._move(change, self.residents[number])
        for item in items:
            record = self.residents[number] if item["item"] in RESIDENT.names else self.foreigners[number]
            found = _text(record[item["item"]])
            if found != item["before"]:
                msg = f"change {change['change_no']}: {item['item']} was {found!r}, not {item['before']!r}"
                raise ValueError(msg)
            record[item["item"]] = item["after"]

    def _move(self, change: dict[str, Any], record: dict[str, Any]) -> None:
        number = change["resident_no"]
        here = (record["household_no"], record["address_no"]) if number in self.present else (None, None)
        if here != (change["household_from"], change["address_from"]):
            msg = f"change {change['change_no']}: resident {number} was at {here}, not where the change begins"
            raise ValueError(msg)
        if change["household_to"] is None:
            self.present.discard(number)
            return
        self.present.add(number)
        record["household_no"], record["address_no"] = change["household_to"], change["address_to"]

    def snapshot(self) -> Snapshot:
        """The register as it stands."""
        rows = [self.residents[number] for number in sorted(self.present)]
        foreign = [self.foreigners[number] for number in sorted(self.foreigners)]
        return _snapshot(_frame(rows, RESIDENT), _frame(foreign, FOREIGN_RESIDENT))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _frame(rows: list[dict[str, Any]], table: Table) -> pl.DataFrame:
    """Rows whose values are of the table's types, or text of them."""
    series = [_series([row[column.name] for row in rows], column.dtype).alias(column.name) for column in table]
    return pl.DataFrame(series)


def _series(values: list[Any], kind: Any) -> pl.Series:
    if kind == pl.Boolean:
        return pl.Series(values, dtype=pl.Boolean)
    texts = pl.Series("value", [_text(value) for value in values], dtype=pl.String)
    return texts.to_frame().select(_typed(pl.col("value"), kind)).to_series()


def _typed(texts: pl.Expr, kind: Any) -> pl.Expr:
    return texts.str.to_date("%Y-%m-%d") if kind == pl.Date else texts.cast(kind)


def replay(population: Population, day: date) -> Snapshot:
    """The register on `day`, by entering every change into the opening register in the order of its effect.

    Raises:
        ValueError: a change does not begin where the record stands; or `day` lies before the window.
    """
    _check(population, day, day)
    ledger = Ledger(population)
    ledger.open()
    items = population.items.partition_by("change_no", as_dict=True, include_key=True)
    for change in _effective(population, day):
        own = items.get((change["change_no"],))
        ledger.enter(change, [] if own is None else own.to_dicts())
    return ledger.snapshot()


def _effective(population: Population, day: date) -> Iterator[dict[str, Any]]:
    """Changes known and in effect on `day`, in the order in which they took effect; none that was cancelled before."""
    on = pl.max_horizontal(*_DATES)
    changes = population.changes.with_columns(effect=on)
    undone = (
        changes.filter(pl.col("cancels").is_not_null())
        .select(change_no="cancels", undone_on="recorded_on", undoing="change_no")
        .join(changes.select("change_no", planned="effect"), on="change_no")
        .filter(pl.col("undone_on") < pl.col("planned"))
    )
    never = pl.concat([undone["change_no"], undone["undoing"]])
    kept = changes.filter((pl.col("effect") <= day) & ~pl.col("change_no").is_in(never.implode()))
    yield from kept.sort("effect", "change_no").iter_rows(named=True)
