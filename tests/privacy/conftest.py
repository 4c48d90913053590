"""One small run with a key that is nobody's, for every test here."""

import dataclasses

import pytest

from simulator import generate, scenario
from simulator.pseudonym import PseudonymKey


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A run under a secret key, rotated once."""
    order = dataclasses.replace(
        generate.order("mini", seed=11),
        scenario=dataclasses.replace(scenario.load("mini"), rotate_every_days=7),
        key=PseudonymKey.generate(),
    )
    return generate.generate(order, tmp_path_factory.mktemp("privacy") / "run")
