"""The shape of one's own town: how much more often than in the nation each age, sex and household size occurs."""

from dataclasses import dataclass

import numpy as np

from simulator.population.pool import Pool
from simulator.streams import Floats, Ints

LARGEST = 7
"""Members of the largest household; sizes are told up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What `jukisim scenarios calibrate` finds: factors on the households of the nation.

    A household counts as often as in the nation, times the factor of each member's age and sex, times that of its size.

    Attributes:
        ages: first age of each band, from 0.
        male, female: factor of each band.
        sizes: factor of each household size from 1 to 7; group quarters count as households of one.
        foreign: share of residents who are foreign; None leaves the national one.
    """

    ages: tuple[int, ...]
    male: tuple[float, ...]
    female: tuple[float, ...]
    sizes: tuple[float, ...] = (1.0,) * LARGEST
    foreign: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no shape.

        Raises:
            ValueError: bands that do not rise from 0, factors of another number or below 0, or a share above a half.
        """
        if not self.ages or self.ages[0] != 0 or list(self.ages) != sorted(set(self.ages)):
            msg = f"ages must rise from 0, not {list(self.ages)}"
            raise ValueError(msg)
        wanted = {"male": len(self.ages), "female": len(self.ages), "sizes": LARGEST}
        for name, count in wanted.items():
            values = getattr(self, name)
            if len(values) != count or not all(0 <= value < np.inf for value in values):
                msg = f"{name} must be {count} numbers of at least 0"
                raise ValueError(msg)
        if self.foreign is not None and not 0 <= self.foreign <= 0.5:  # noqa: PLR2004 - as much as rates can carry
            msg = f"foreign is {self.foreign}; give 0 to 0.5"
            raise ValueError(msg)

    def bands(self, ages: Ints) -> Ints:
        """The number of the band of each of `ages`."""
        found: Ints = np.searchsorted(np.array(self.ages), ages, side="right") - 1
        return found

    def factors(self, people: Pool) -> Floats:
        """The factor of each composition of the pool: plain products, in order, the same on every machine."""
        own = np.where(people.male, np.array(self.male)[self.bands(people.age)],
                       np.array(self.female)[self.bands(people.age)])  # fmt: skip
        found = np.array(self.sizes)[people.size - 1]
        for place in range(LARGEST):
            rows = np.flatnonzero(people.size > place)
            found[rows] *= own[people.first[rows] + place]
        return found

    def weights(self, people: Pool) -> Ints:
        """Whole weights of the compositions.

        Raises:
            ValueError: no household has the shape.
        """
        found: Ints = np.rint(people.weights * self.factors(people)).astype(np.int64)
        if not found.any():
            msg = "the shape leaves no household"
            raise ValueError(msg)
        return found
