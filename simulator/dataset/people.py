"""The people of a run, read back from its register, for whoever checks or uses them."""

from collections.abc import Iterator
from datetime import timedelta

from simulator import spec, storage
from simulator.clock import Window
from simulator.dataset.reading import Dataset
from simulator.dataset.verification import Finding
from simulator.population import Population
from simulator.population.consistency import violations
from simulator.schema import FIGURE, REGISTRY_TABLES, RELATION
from simulator.world.municipality import municipality


def populations(dataset: Dataset) -> Iterator[Population]:
    """The people of each municipality of the run. Relations and figures are no part of a register: empty here.

    Raises:
        MissingError, DamagedError: a part of the run is not there or does not decode.
    """
    told = spec.read_toml(dataset.path / "scenario.toml")
    window = Window(told["start"], told["start"] + timedelta(days=told["days"]))
    for head in dataset.manifest.logs:
        parts = (dataset.path / "registry" / t.name / f"{head.municipality}.parquet" for t in REGISTRY_TABLES)
        residents, households, addresses, changes, protections = (storage.read_parquet(part) for part in parts)
        yield Population(
            municipality=municipality(head.municipality), window=window, residents=residents, households=households,
            addresses=addresses, changes=changes, protections=protections, relations=RELATION.empty(),
            figures=FIGURE.empty(),
        )  # fmt: skip


def verify_people(dataset: Dataset) -> list[Finding]:
    """Every impossible record of the register, by the written list of rules; empty if there is none."""
    return [
        Finding(f"registry/{row['table']} row {row['row']}", f"{row['rule']}: {row['meaning']}")
        for people in populations(dataset)
        for row in violations(people).iter_rows(named=True)
    ]
