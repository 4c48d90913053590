"""A slice of a run that is a run itself: some districts, or a share of the households, with their part of the log."""

from simulator.subset.choice import Choice
from simulator.subset.slicing import Sliced, subset

__all__ = ["Choice", "Sliced", "subset"]
