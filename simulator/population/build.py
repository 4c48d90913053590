"""A population, block by block: the same whatever the number of workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population.block import Block, make_block
from simulator.population.mix import mix
from simulator.population.plan import Plan, block_stream, profile_of
from simulator.population.pool import pool
from simulator.population.spec import BLOCK_HOUSEHOLDS, PopulationSpec
from simulator.schema import (
    ADDRESS,
    ALIAS,
    CHANGE,
    CHANGE_ITEM,
    FIGURE,
    FOREIGN_RESIDENT,
    HOUSEHOLD,
    PAST_CHANGE,
    PROTECTION,
    PROTECTION_FORWARD,
    PROTECTION_TERM,
    REGISTRY_TABLES,
    RELATION,
    REMOVED_RECORD,
    RESIDENT,
)
from simulator.schema.types import Table
from simulator.streams import Stream
from simulator.world.municipality import Municipality

# Which counter moves the numbers of a column when blocks are put together.
MOVED = {
    "resident_no": "residents", "other_no": "residents", "head": "residents", "applicant": "residents",
    "household_no": "households", "household_from": "households", "household_to": "households",
    "address_no": "addresses", "address_from": "addresses", "address_to": "addresses",
    "change_no": "changes", "cancels": "changes", "removed_no": "removed",
}  # fmt: skip
TABLES: dict[str, Table] = {
    "residents": RESIDENT, "households": HOUSEHOLD, "addresses": ADDRESS, "changes": CHANGE,
    "protections": PROTECTION, "foreigners": FOREIGN_RESIDENT, "aliases": ALIAS, "items": CHANGE_ITEM,
    "past": PAST_CHANGE, "removed": REMOVED_RECORD, "terms": PROTECTION_TERM, "forwards": PROTECTION_FORWARD,
    "relations": RELATION, "figures": FIGURE,
}  # fmt: skip
"""The table of the schema behind each table of a `Population`."""


@dataclass(frozen=True, slots=True)
class Population:
    """The people of one municipality.

    Attributes:
        municipality: where.
        window: the days in which changes happen.
        residents: everyone who is in the register at any time of the window; resident_no is the row number.
        households, addresses, changes, protections: tables of the schema.
        foreigners, aliases: what the record of foreign residents holds beside.
        items: what each change changed beside household and address.
        past, removed: changes before the window, and records removed before it.
        terms, forwards: of protection measures.
        relations, figures: facts that no register holds.
    """

    municipality: Municipality
    window: Window
    residents: pl.DataFrame
    households: pl.DataFrame
    addresses: pl.DataFrame
    changes: pl.DataFrame
    protections: pl.DataFrame
    foreigners: pl.DataFrame
    aliases: pl.DataFrame
    items: pl.DataFrame
    past: pl.DataFrame
    removed: pl.DataFrame
    terms: pl.DataFrame
    forwards: pl.DataFrame
    relations: pl.DataFrame
    figures: pl.DataFrame

    @property
    def register(self) -> dict[Table, pl.DataFrame]:
        """The tables that the register keeps, without relations and figures."""
        return {table: getattr(self, name) for name, table in TABLES.items() if table in REGISTRY_TABLES}


def plans(spec: PopulationSpec, municipality: Municipality, window: Window, stream: Stream) -> Iterator[Plan]:
    """The blocks that together hold ``spec.residents``, the last one cut to the household.

    Raises:
        UsageError: the municipality cannot hold so many.
    """
    missing, number = spec.residents, 0
    chosen = mix(profile_of(spec, municipality)).present
    while missing > 0:
        if number == municipality.block_capacity:
            msg = f"{municipality.name} cannot hold {spec.residents} residents; at most {number} blocks of about 17,600"
            raise UsageError(msg)
        source = block_stream(stream, municipality, number)
        sizes = pool().size[source.pick("composition", BLOCK_HOUSEHOLDS, chosen)]
        ends = np.cumsum(sizes)
        households = min(int(np.searchsorted(ends, missing)) + 1, BLOCK_HOUSEHOLDS)
        yield Plan(spec, spec.placed(municipality), window, stream, number, households)
        missing -= int(ends[households - 1])
        number += 1


def build(
    spec: PopulationSpec, municipality: Municipality, window: Window, stream: Stream, jobs: int = 1
) -> Population:
    """Make the people of `municipality` as of the start of `window`, and what changes in it.

    Args:
        spec: how many and of which profile.
        municipality: where.
        window: days that the changes fall into.
        stream: randomness of the run; every municipality of a run takes the same one.
        jobs: workers; they change no byte.

    Returns:
        All tables, joined over blocks and renumbered.

    Raises:
        UsageError: the window is empty or the municipality cannot hold so many.
    """
    if window.day_count < 1:
        msg = f"the window from {window.start} to {window.end} has no day"
        raise UsageError(msg)
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as workers:
        blocks = list(workers.map(make_block, plans(spec, municipality, window, stream)))
    return assemble(spec.placed(municipality), window, blocks)


def assemble(municipality: Municipality, window: Window, blocks: list[Block]) -> Population:
    """The population that `blocks`, in the order of their numbers, make up, wherever and in whatever order made."""
    tables = {name: _together(name, blocks) for name in TABLES}
    tables["changes"], number = in_order(tables["changes"])
    tables["items"] = tables["items"].with_columns(change_no=number.gather(tables["items"]["change_no"]))
    return Population(municipality, window, **{name: TABLES[name].conform(frame) for name, frame in tables.items()})


def in_order(changes: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """`changes` in order of record, and the new number of each old one."""
    ordered = changes.sort("recorded_on", "happened_on", maintain_order=True).rename({"change_no": "old"})
    ordered = ordered.with_row_index("change_no")
    number = ordered.sort("old")["change_no"]
    return ordered.with_columns(cancels=number.gather(ordered["cancels"])), number


def _together(name: str, blocks: list[Block]) -> pl.DataFrame:
    counts = dict.fromkeys((part.name for part in fields(Block)), 0)
    moved = []
    for block in blocks:
        frame: pl.DataFrame = getattr(block, name)
        columns = [c for c in frame.columns if c in MOVED]
        moved.append(frame.with_columns((pl.col(c) + counts[MOVED[c]]).cast(pl.UInt32) for c in columns))
        for part in counts:
            counts[part] += getattr(block, part).height
    return pl.concat(moved)
