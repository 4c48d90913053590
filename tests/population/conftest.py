"""A small town for the tests of the people floor."""

from datetime import date

import pytest

from simulator.clock import Window
from simulator.population import Population, PopulationSpec, build
from simulator.streams import Stream
from simulator.world.municipality import DEMO

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))


@pytest.fixture(scope="session")
def town() -> Population:
    """A year of 20,000 people, made once; tests that break it copy it by `replace`."""
    return build(PopulationSpec(20_000), DEMO, WINDOW, Stream(3))


@pytest.fixture(scope="session")
def large_town() -> Population:
    """A year of 60,000 people in which everything happens that the schema has a reason for."""
    return build(PopulationSpec(60_000), DEMO, WINDOW, Stream(11), jobs=2)
