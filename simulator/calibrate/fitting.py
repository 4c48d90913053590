"""The shape of a town from its margins: weights of households tilted until ages, sexes and sizes agree at once."""

from dataclasses import dataclass

import numpy as np

from simulator.calibrate.margins import Margins
from simulator.errors import UsageError
from simulator.population.pool import Pool, pool
from simulator.population.shape import LARGEST, Shape
from simulator.streams import Floats
from simulator.world.calibration import tilt

_DIGITS = 6
_NEAR = 1e-3  # people or households by which a cell may be off before factors are rounded
_FARTHEST = 0.02  # of all people: a cell that is farther off shows margins that no households have


@dataclass(frozen=True, slots=True)
class Fitted:
    """A shape, and what the margins are on average in a town that has it.

    Attributes:
        shape: the factors.
        ages: expected people by band, men and then women, as many as the margins have.
        sizes: expected households by size.
    """

    shape: Shape
    ages: Floats
    sizes: Floats


def fit(told: Margins) -> Fitted:
    """The shape that `told` has.

    Raises:
        UsageError: no mix of households has these margins.
    """
    people = pool()
    frame = Shape(ages=told.ages, male=(1.0,) * len(told.ages), female=(1.0,) * len(told.ages), foreign=_share(told))
    ages, sizes = _members(frame, people), _sizes(told, people)
    counts, target = np.hstack([ages, sizes]), np.array([*told.male, *told.female, *told.households.values()], float)
    possible = ~(counts[:, target == 0] > 0).any(axis=1)
    start = np.where(possible, people.weights / people.weights.sum() * told.people / people.mean_size, 0.0)
    rows, cells = np.flatnonzero(possible), np.flatnonzero(target > 0)
    weights = np.zeros(len(start))
    weights[rows] = tilt(counts[np.ix_(rows, cells)], target[cells], start[rows], _NEAR)
    factors = _factors(weights, start, counts, target)
    shape = _rounded(frame, factors, told, people)
    found = shape.weights(people).astype(np.float64)
    reached = counts.T @ found * (told.people / (found * people.size).sum())
    _check(told, target, reached)
    return Fitted(shape, reached[: ages.shape[1]], reached[ages.shape[1] :])


def _share(told: Margins) -> float | None:
    return None if told.foreign is None else round(told.foreign / told.people, _DIGITS)


def _members(frame: Shape, people: Pool) -> Floats:
    """How many members each composition has in each band, men and then women."""
    bands = frame.bands(people.age) + np.where(people.male, 0, len(frame.ages))
    found = np.zeros((len(people.size), 2 * len(frame.ages)))
    np.add.at(found, (people.home, bands), 1)
    return found


def _sizes(told: Margins, people: Pool) -> Floats:
    """Which told size each composition has; the last one stands for the larger ones too."""
    if not told.households:
        return np.zeros((len(people.size), 0))
    last = max(told.households)
    sizes = np.minimum(people.size, last if told.open_ended else LARGEST)
    return np.asarray(sizes[:, None] == np.array(list(told.households)), dtype=np.float64)


def _factors(weights: Floats, start: Floats, counts: Floats, target: Floats) -> Floats:
    """The factor of each cell: the tilt is linear in the logarithm, so that least squares finds it again."""
    rows = np.flatnonzero(weights > 0)
    cells = np.flatnonzero(target > 0)
    strength = np.linalg.lstsq(counts[np.ix_(rows, cells)], np.log(weights[rows] / start[rows]), rcond=None)[0]
    found = np.zeros(len(target))
    found[cells] = np.exp(strength)
    return found


def _levelled(factors: Floats, told: Margins) -> tuple[Floats, Floats]:
    """Factors of bands and of sizes, so told that the mean resident's is 1."""
    n = len(told.ages)
    bands, sizes = factors[: 2 * n], np.ones(LARGEST)
    own = factors[2 * n :]
    if len(own):
        sizes = np.append(own, np.full(LARGEST - len(own), own[-1] if told.open_ended else 0.0))
    people = np.array([*told.male, *told.female], dtype=np.float64)
    some = bands > 0
    level = np.exp((np.log(bands[some]) * people[some]).sum() / people.sum())
    return bands / level, sizes * level ** np.arange(1, LARGEST + 1)


def _rounded(frame: Shape, factors: Floats, told: Margins, people: Pool) -> Shape:
    """`frame` with `factors`, scaled so that weights keep their size."""
    n = len(told.ages)
    bands, sizes = _levelled(factors, told)
    plain = Shape(ages=frame.ages, male=_numbers(bands[:n]), female=_numbers(bands[n:]), sizes=_numbers(sizes))
    mean = (people.weights * plain.factors(people)).sum() / people.weights.sum()
    return Shape(
        ages=plain.ages, male=plain.male, female=plain.female, sizes=_numbers(sizes / mean), foreign=frame.foreign
    )


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)


def _check(told: Margins, target: Floats, reached: Floats) -> None:
    worst = int(np.abs(reached - target).argmax())
    if abs(reached[worst] - target[worst]) > _FARTHEST * told.people:
        n = len(told.ages)
        band = told.ages[worst % n] if worst < 2 * n else 0
        where = f"people from {band} on" if worst < 2 * n else f"households of {worst - 2 * n + 1}"
        msg = (
            f"no mix of households has these margins: {target[worst]:,.0f} {where} are wanted and "
            f"{reached[worst]:,.0f} come nearest; are ages.csv and households.csv of one town and day?"
        )
        raise UsageError(msg)
