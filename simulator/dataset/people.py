"""The people of a run, read back from its register, for whoever checks or uses them."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

import polars as pl

from simulator import spec
from simulator.clock import Window
from simulator.dataset.parts import read_part
from simulator.dataset.reading import Dataset
from simulator.dataset.verification import Finding
from simulator.population import TABLES, Population
from simulator.population.consistency import violations
from simulator.schema import REGISTRY_TABLES, Table
from simulator.world.municipality import municipality


def populations(dataset: Dataset, codes: Collection[str] | None = None) -> Iterator[Population]:
    """The people of each municipality of the run, or of those of `codes`.

    Relations and figures are no part of a register: empty here.

    Raises:
        MissingError, DamagedError: a part of the run is not there or does not decode.
    """
    told = spec.read_toml(dataset.path / "scenario.toml")
    window = Window(told["start"], told["start"] + timedelta(days=told["days"]))
    for head in dataset.manifest.logs:
        if codes is not None and head.municipality not in codes:
            continue
        tables = {name: _read(dataset, table, head.municipality) for name, table in TABLES.items()}
        place = replace(municipality(head.municipality), towns=told["population"].get("towns", ""))
        yield Population(municipality=place, window=window, **tables)


def _read(dataset: Dataset, table: Table, code: str) -> pl.DataFrame:
    if table not in REGISTRY_TABLES:
        return table.empty()
    return read_part(dataset.path, "registry", table.name, code)


def verify_people(dataset: Dataset) -> list[Finding]:
    """Every impossible record of the register, by the written list of rules; empty if there is none."""
    return [
        Finding(f"registry/{row['table']} row {row['row']}", f"{row['rule']}: {row['meaning']}")
        for people in populations(dataset)
        for row in violations(people).iter_rows(named=True)
    ]
