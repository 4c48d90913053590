"""One small run with a key that is nobody's, for every test here."""

import dataclasses

import pytest

from simulator import generation, scenario
from simulator.pseudonym import PseudonymKey


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A run under a secret key, rotated once."""
    order = dataclasses.replace(
        generation.order("mini", seed=11),
        scenario=dataclasses.replace(scenario.load("mini"), rotate_every_days=7),
        key=PseudonymKey.generate(),
    )
    return generation.generate(order, tmp_path_factory.mktemp("privacy") / "run")
