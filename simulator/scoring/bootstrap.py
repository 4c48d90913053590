"""Confidence intervals: what the figure would be had other episodes of the same kind happened.

Episodes are drawn again with replacement; events of one episode stand or fall together.
Source: Efron & Tibshirani 1993, percentile intervals;
resampling whole episodes because their events are not independent.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.streams import Stream

REPLICATES = 1000
LEVEL = 0.95
_STREAM = Stream(0, "/score/bootstrap")


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval over episodes; without episodes all three are 0."""

    value: float
    low: float
    high: float


def interval(
    value: float, episodes: int, figure: Callable[[npt.NDArray[np.float64]], float], replicates: int = REPLICATES
) -> Interval:
    """The interval of `figure`, a function of how often each of `episodes` was drawn, shape ``(episodes,)``."""
    if episodes == 0:
        return Interval(value, value, value)
    drawn = _STREAM.below("episode", replicates * episodes, episodes).reshape(replicates, episodes)
    figures = np.sort([figure(np.bincount(row, minlength=episodes).astype(np.float64)) for row in drawn])
    tail = (1 - LEVEL) / 2
    low, high = int(tail * replicates), int((1 - tail) * replicates) - 1
    return Interval(value, float(figures[low]), float(figures[high]))
