"""The register of a run as test data for a developer's own system: in their database, or as files for it."""

from simulator.seed import fields
from simulator.seed.order import Order
from simulator.seed.seeding import Seeded, seed, stages

__all__ = ["Order", "Seeded", "fields", "seed", "stages"]
