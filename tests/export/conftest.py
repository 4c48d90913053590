"""The run on which every line of every export is judged, in the slow tests."""

import pytest

from simulator import scenario
from simulator.dataset import Dataset
from simulator.generation import Order, RunFolders, generate
from simulator.pseudonym import PseudonymKey

DEMO_SEED = 7


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The public half of a finished run of `demo`."""
    folders = RunFolders(tmp_path_factory.mktemp("runs") / "demo")
    generate(Order(scenario=scenario.load("demo"), seed=DEMO_SEED, key=PseudonymKey.insecure()), folders.run)
    return Dataset.open(folders.run)
