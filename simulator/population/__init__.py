"""The people of a municipality: residents, households, addresses, and what changes in a window of days."""

from simulator.population.asof import Snapshot, as_of, replay
from simulator.population.build import TABLES, Population, build, plans
from simulator.population.spec import PopulationSpec

__all__ = ["TABLES", "Population", "PopulationSpec", "Snapshot", "as_of", "build", "plans", "replay"]
