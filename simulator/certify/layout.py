"""Are the people the same however the work is cut? They are made again, by other workers and block by block."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from simulator.dataset import Dataset, populations
from simulator.population import Population, build
from simulator.population.block import make_block
from simulator.population.build import assemble, plans
from simulator.population.growth import grown
from simulator.scenario import Scenario, people_stream

WORKERS = 3


@dataclass(frozen=True, slots=True)
class Remade:
    """How the people of one municipality were made again, and which tables differed."""

    municipality: str
    way: str
    differing: tuple[str, ...]


def remake(dataset: Dataset, scenario: Scenario, seed: int) -> Iterator[Remade]:
    """Make the people of `dataset` again from `seed`: by several workers, and block by block from the last.

    Raises:
        MissingError, DamagedError: a part of the run is not there or does not decode.
    """
    stream, spec = people_stream(seed), scenario.population
    for kept in populations(dataset):
        place, window = kept.municipality, kept.window
        if scenario.grown:
            yield _compare(kept, grown(spec, place, scenario.windows, stream)[1], "growth by growth")
            continue
        yield _compare(kept, build(spec, place, window, stream, WORKERS), f"{WORKERS} workers")
        alone = [make_block(plan) for plan in reversed(list(plans(spec, place, window, stream)))]
        yield _compare(kept, assemble(place, window, alone[::-1]), "blocks made alone, last first")


def _compare(kept: Population, made: Population, way: str) -> Remade:
    pairs = ((table.name, frame, made.register[table]) for table, frame in kept.register.items())
    return Remade(kept.municipality.code, way, tuple(name for name, one, other in pairs if not _same(one, other)))


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.equals(other)
