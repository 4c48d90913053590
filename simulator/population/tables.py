"""The register of a municipality block by block: for as many residents as wanted, in flat memory.

Numbers are block × 65,536 + place in the block: not dense, but the same however many residents are made, so no block
waits for another.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from simulator.population.block import make_block
from simulator.population.build import MOVED, TABLES, in_order
from simulator.population.plan import Plan
from simulator.population.spec import BLOCK_NUMBERS
from simulator.pseudonym import Pseudonymizer
from simulator.schema import REGISTRY_TABLES, Table
from simulator.schema.record import TOKEN

WRITTEN = (*REGISTRY_TABLES, TOKEN)
"""The tables that are made: the register's, and pseudonyms of its people."""
Piece = dict[Table, pl.DataFrame]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the tables of one block.

    Attributes:
        pseudonymizer: of the realm of these tables.
    """

    pseudonymizer: Pseudonymizer

    def __call__(self, plan: Plan) -> Piece:
        """The tables of `plan` with numbers of their own, each in the order of its key."""
        block = make_block(plan)
        frames: dict[str, pl.DataFrame] = {name: getattr(block, name) for name in TABLES}
        frames["changes"], number = in_order(frames["changes"])
        frames["items"] = frames["items"].with_columns(change_no=number.gather(frames["items"]["change_no"]))
        base = plan.number * BLOCK_NUMBERS
        numbers = pl.int_range(base, base + pl.len(), dtype=pl.UInt32)
        frames["removed"] = frames["removed"].with_columns(removed_no=numbers)
        piece = {table: _moved(frames[name], base) for name, table in TABLES.items() if table in REGISTRY_TABLES}
        return {**piece, TOKEN: self._tokens(plan, block.residents, base)}

    def _tokens(self, plan: Plan, residents: pl.DataFrame, base: int) -> pl.DataFrame:
        households = (residents["household_no"].cast(pl.UInt32) + base).cast(pl.String).str.zfill(8)
        named = plan.place.code + households
        return pl.DataFrame(
            {
                "resident_no": (residents["resident_no"] + base).cast(pl.UInt32),
                "resident": self.pseudonymizer.column("resident", residents["resident_code"]),
                "household": self.pseudonymizer.column("household", named),
            }
        )


def _moved(frame: pl.DataFrame, base: int) -> pl.DataFrame:
    return frame.with_columns((pl.col(c) + base).cast(pl.UInt32) for c in frame.columns if c in MOVED)


def ahead(make: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """``make(item)`` for each of `items`, in order, by `jobs` workers who are never more than one each ahead."""
    with ThreadPoolExecutor(max_workers=jobs) as workers:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(workers.submit(make, item))
            if len(waiting) > jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
