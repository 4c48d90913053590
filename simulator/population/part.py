"""A part of a population that stands on its own: whoever is taken brings family, former households and applicants."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.population.build import MOVED, TABLES, Population

Flags = npt.NDArray[np.bool_]
c = pl.col
_OWNERS = {
    "residents": "residents", "households": "households", "addresses": "addresses", "changes": "changes",
    "removed": "removed",
}  # fmt: skip
"""Counter of `MOVED` → the table whose rows it numbers."""
_KEY = {
    "residents": "resident_no", "households": "household_no", "addresses": "address_no", "changes": "change_no",
    "removed": "removed_no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a population.

    Attributes:
        people: it, numbered anew from 0 in the old order.
        numbers: counter → the old number of each new one.
    """

    people: Population
    numbers: dict[str, pl.Series]


def part(population: Population, wanted: pl.Series, places: pl.Series | None = None) -> Part:
    """The residents `wanted` (resident_no) and everyone whom their records need.

    A household is taken whole, with all who ever belonged to it in the window and the households that these came from
    or went to; a protection measure brings who applied for it. So every rule that held still holds.

    Args:
        population: a whole population.
        wanted: resident numbers.
        places: address numbers to be kept with the records removed there, lived at or not.
    """
    residents, households = _closed(population, wanted)
    changes = population.changes.filter(c("resident_no").is_in(residents))
    addresses = _addresses(population, residents, households, changes)
    addresses = addresses if places is None else pl.concat([addresses, places]).unique()
    kept = {
        "residents": residents,
        "households": households,
        "addresses": addresses,
        "changes": changes["change_no"],
        "removed": _removed(population, residents, addresses),
    }
    numbers = {counter: series.cast(pl.UInt32).sort() for counter, series in kept.items()}
    frames = {name: _taken(name, getattr(population, name), numbers) for name in TABLES}
    return Part(Population(population.municipality, population.window, **frames), numbers)


def _closed(population: Population, wanted: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Residents and households from `wanted`, grown until nobody's record points outside."""
    resident, household = _links(population)
    people: Flags = np.zeros(population.residents.height, dtype=np.bool_)
    homes: Flags = np.zeros(population.households.height, dtype=np.bool_)
    people[wanted.to_numpy()] = True
    own, other = (population.protections[name].to_numpy() for name in ("resident_no", "applicant"))
    count = -1
    while (grown := int(people.sum() + homes.sum())) != count:
        count = grown
        homes[household[people[resident]]] = True
        people[resident[homes[household]]] = True
        people[other[people[own]]] = True
    return pl.Series(np.flatnonzero(people)), pl.Series(np.flatnonzero(homes))


def _links(population: Population) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Who ever belonged to which household: two columns."""
    changes = population.changes
    pairs = pl.concat(
        [
            population.residents.select("resident_no", "household_no"),
            population.households.select("household_no", resident_no="head").select("resident_no", "household_no"),
            *(changes.select("resident_no", household_no=name) for name in ("household_from", "household_to")),
        ]
    ).drop_nulls()
    links = pairs.unique(maintain_order=True).cast(pl.Int64)
    return links["resident_no"].to_numpy(), links["household_no"].to_numpy()


def _addresses(population: Population, residents: pl.Series, households: pl.Series, changes: pl.DataFrame) -> pl.Series:
    own = population.removed.filter(c("resident_no").is_in(residents))["address_no"]
    parts = [
        population.residents["address_no"].gather(residents),
        population.households["address_no"].gather(households),
        changes["address_from"], changes["address_to"], own,
    ]  # fmt: skip
    return pl.concat(parts).drop_nulls().unique()


def _removed(population: Population, residents: pl.Series, addresses: pl.Series) -> pl.Series:
    """Records removed: of those who are taken, and of those who are gone from their addresses."""
    gone = c("resident_no").is_null() & c("address_no").is_in(addresses)
    return population.removed.filter(c("resident_no").is_in(residents) | gone)["removed_no"]


def _taken(name: str, frame: pl.DataFrame, numbers: dict[str, pl.Series]) -> pl.DataFrame:
    """The rows of one table that belong to the part, under the new numbers."""
    for counter, column in _KEY.items():
        if name == _OWNERS[counter]:
            frame = frame.filter(c(column).is_in(numbers[counter]))
    for column in ("resident_no", "other_no", "change_no"):
        if column in frame.columns:
            kept = c(column).is_in(numbers[MOVED[column]])
            frame = frame.filter(kept | c(column).is_null() if name == "removed" else kept)
    moved = [_renumbered(frame[column], numbers[MOVED[column]]) for column in frame.columns if column in MOVED]
    return TABLES[name].conform(frame.with_columns(moved))


def _renumbered(column: pl.Series, numbers: pl.Series) -> pl.Series:
    new = np.zeros(int(numbers[-1]) + 1 if len(numbers) else 0, dtype=np.uint32)
    new[numbers.to_numpy()] = np.arange(len(numbers))
    return pl.Series(new).gather(column).alias(column.name)
