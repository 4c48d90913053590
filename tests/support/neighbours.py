"""A run of two municipalities that exchange households, for what passes between their gates."""

import dataclasses
from pathlib import Path

from simulator import scenario
from simulator.generation import Order, RunFolders, generate
from simulator.pseudonym import PseudonymKey

HERE, THERE = "482013", "482021"
SEED = 3


def made(folder: Path) -> RunFolders:
    """A month with few requests, so that some have moved from one to the other."""
    mini, folders = scenario.load("mini"), RunFolders(folder / "pair")
    pair = dataclasses.replace(
        mini, municipalities=(HERE, THERE), days=30, misuse={},
        population=dataclasses.replace(mini.population, residents=4_000),
        workload=dataclasses.replace(mini.workload, volume=0.02), office=dataclasses.replace(mini.office, staff=60),
    )  # fmt: skip
    generate(Order(scenario=pair, seed=SEED, key=PseudonymKey.insecure()), folders.run)
    return folders
