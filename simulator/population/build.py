"""A population, block by block: the same whatever the number of workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population.block import Block, Plan, block_stream, make_block
from simulator.population.pool import pool
from simulator.population.spec import BLOCK_HOUSEHOLDS, PopulationSpec
from simulator.schema.people import ADDRESS, CHANGE, FIGURE, HOUSEHOLD, PROTECTION, RELATION, RESIDENT
from simulator.schema.types import Table
from simulator.streams import Stream
from simulator.world.municipality import Municipality

# Which counter moves the numbers of a column when blocks are put together.
_MOVED = {
    "resident_no": "residents", "other_no": "residents", "head": "residents",
    "household_no": "households", "household_from": "households", "household_to": "households",
    "address_no": "addresses", "address_from": "addresses", "address_to": "addresses",
}  # fmt: skip
TABLES: dict[str, Table] = {
    "residents": RESIDENT, "households": HOUSEHOLD, "addresses": ADDRESS, "changes": CHANGE,
    "protections": PROTECTION, "relations": RELATION, "figures": FIGURE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Population:
    """The people of one municipality.

    Attributes:
        municipality: where.
        window: the days in which changes happen.
        residents: everyone who is in the register at any time of the window; resident_no is the row number.
        households, addresses, changes, protections, relations, figures: tables of the schema.
    """

    municipality: Municipality
    window: Window
    residents: pl.DataFrame
    households: pl.DataFrame
    addresses: pl.DataFrame
    changes: pl.DataFrame
    protections: pl.DataFrame
    relations: pl.DataFrame
    figures: pl.DataFrame


def plans(spec: PopulationSpec, municipality: Municipality, window: Window, stream: Stream) -> Iterator[Plan]:
    """The blocks that together hold ``spec.residents``, the last one cut to the household.

    Raises:
        UsageError: the municipality cannot hold so many.
    """
    missing, number = spec.residents, 0
    while missing > 0:
        if number == municipality.block_capacity:
            msg = f"{municipality.name} cannot hold {spec.residents} residents; at most {number} blocks of about 17,600"
            raise UsageError(msg)
        source = block_stream(stream, municipality, number)
        sizes = pool().size[source.pick("composition", BLOCK_HOUSEHOLDS, pool().chosen)]
        ends = np.cumsum(sizes)
        households = min(int(np.searchsorted(ends, missing)) + 1, BLOCK_HOUSEHOLDS)
        yield Plan(spec, municipality, window, stream, number, households)
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
    tables = {name: _together(name, blocks) for name in TABLES}
    order = pl.col("notified_on"), pl.col("happened_on")
    changes = tables["changes"].sort(*order, maintain_order=True).with_row_index("change_no")
    tables["changes"] = changes
    return Population(municipality, window, **{name: TABLES[name].conform(frame) for name, frame in tables.items()})


def _together(name: str, blocks: list[Block]) -> pl.DataFrame:
    counts = {part.name: 0 for part in fields(Block)}
    moved = []
    for block in blocks:
        frame: pl.DataFrame = getattr(block, name)
        columns = [c for c in frame.columns if c in _MOVED]
        moved.append(frame.with_columns((pl.col(c) + counts[_MOVED[c]]).cast(pl.UInt32) for c in columns))
        for part in ("residents", "households", "addresses"):
            counts[part] += getattr(block, part).height
    return pl.concat(moved)
