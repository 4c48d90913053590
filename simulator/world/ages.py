"""How many people there are of each age and sex, in single years."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

AGES = 105
# Per mille of the known-age population, men and women by five years, 85+ last. Source: domain.md 6.1 (census 2020).
MALE = (18.8, 21.2, 22.3, 23.4, 24.5, 24.9, 26.8, 30.0, 34.0, 39.5, 34.7, 31.4, 29.2, 31.7, 34.5, 25.1, 17.8, 15.4)
FEMALE = (17.9, 20.1, 21.2, 22.2, 23.6, 24.0, 25.9, 29.3, 33.3, 38.9, 34.6, 31.7, 30.1, 33.8, 38.7, 31.1, 25.2, 33.5)
# ASSUMED: how 85+ divides into 85–89, 90–94, 95–99 and 100–104.
ASSUMED_OLDEST = {"male": (10.4, 4.1, 0.83, 0.07), "female": (19.9, 10.1, 2.9, 0.6)}


def cell(ages: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The number 0 … 17 of the five-year cell of each age; 85 and over share the last."""
    cells: npt.NDArray[np.int64] = np.minimum(np.asarray(ages) // 5, len(MALE) - 1).astype(np.int64)
    return cells


def single_years(sex: str) -> Floats:
    """Share of all people by single year of age 0 … 104 of one `sex`; five-year sums are the census cells exactly."""
    cells = np.array((MALE if sex == "male" else FEMALE)[:-1] + ASSUMED_OLDEST[sex])
    ends = np.concatenate([[0.0], np.cumsum(cells)])
    knots = np.arange(0, AGES + 1, 5)
    slopes = np.concatenate([[cells[0] / 5], _harmonic(cells[:-1], cells[1:]) / 5, [0.0]])
    at = np.arange(AGES + 1)
    k = np.minimum(at // 5, len(cells) - 1)
    t = (at - knots[k]) / 5
    rise = t * t * (3 - 2 * t)
    curve = ends[k] + rise * cells[k] + 5 * t * (1 - t) * ((1 - t) * slopes[k] - t * slopes[k + 1])
    shares: Floats = np.diff(curve) / (sum(MALE) + sum(FEMALE))
    return shares


def _harmonic(left: Floats, right: Floats) -> Floats:
    mean: Floats = 2 * left * right / (left + right)
    return mean
