"""A small town with its office and five weeks of lawful work."""

from datetime import date

import pytest

from simulator import population
from simulator.clock import Window
from simulator.population.spec import PopulationSpec
from simulator.streams import Stream
from simulator.workload import OfficeSpec, WorkloadSpec, build_office, plan_lawful
from simulator.world.municipality import municipality

RESIDENTS = 4_000
WINDOW = Window(date(2025, 3, 10), date(2025, 4, 14))


@pytest.fixture(scope="session")
def town():
    spec = PopulationSpec(residents=RESIDENTS)
    return population.build(spec, municipality("482013"), WINDOW, Stream(5, "/population"))


@pytest.fixture(scope="session")
def office(town):
    return build_office(OfficeSpec(), town, Stream(1, "/office"))


@pytest.fixture(scope="session")
def plan(town, office):
    return plan_lawful(WorkloadSpec(), town, office, Stream(1, "/lawful"))
