"""Which households a place has: the national mix of compositions, or that of a regional profile."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from simulator.population.pool import Pool, exact_mean, exact_weights, kind_number, pool
from simulator.population.rates import Rates, by_age, rates
from simulator.population.shape import Shape
from simulator.streams import Floats, Ints, Weights

# ASSUMED, per profile: how many times as frequent as in the nation are households by the head's age in five-year
# cells, and by kind; how many arrive for each that leaves.
ASSUMED_HEADS = {
    "ageing_town": (1, 1, 1, 0.3, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 1, 1.3, 1.7, 2, 2.2, 2.4, 2.5, 2.5, 2.5),
    "student_city": (1, 1, 1, 4, 4.5, 2.2, 1.2, 1, 0.9, 0.85, 0.8, 0.75, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7),
    "commuter_suburb": (1, 1, 1, 0.5, 0.5, 0.8, 1.4, 1.8, 1.8, 1.6, 1.3, 1, 0.8, 0.7, 0.7, 0.7, 0.65, 0.6, 0.6, 0.6),
}
ASSUMED_KINDS = {
    "ageing_town": {"three_generations": 2.2, "single": 0.9, "institution": 1.6},
    "student_city": {"single": 1.3, "three_generations": 0.6},
    "commuter_suburb": {"couple_children": 1.6, "single": 0.7, "institution": 0.7},
}
ASSUMED_BALANCE = {"national": 1.0, "ageing_town": 0.8, "student_city": 1.02, "commuter_suburb": 1.12}
_SCALE = 100
_MOST_FOREIGN = 0.9
Profile = str | Shape
"""A regional profile by name, or the shape of one's own town."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How compositions of the pool are drawn.

    Attributes:
        present, arriving, dying: weights of those who live there, who come, and in which someone dies.
        arrival: how many households arrive in a year per household that is there.
        death: how many people die in a year per household.
        foreign: chance by composition that a household is foreign.
    """

    present: Weights
    arriving: Weights
    dying: Weights
    arrival: float
    death: float
    foreign: Floats


def _weights(profile: Profile, people: Pool) -> Ints:
    """Weights of the compositions; the national ones are those of the census."""
    if isinstance(profile, Shape):
        return profile.weights(people)
    if profile == "national":
        return people.weights
    heads = by_age(ASSUMED_HEADS[profile], people.age[people.first])
    kinds = np.ones(len(people.kind))
    for kind, times in ASSUMED_KINDS[profile].items():
        kinds[people.kind == kind_number(kind)] = times
    return people.weights // 2**10 * np.rint(heads * kinds * _SCALE).astype(np.int64)


@cache
def mix(profile: Profile) -> Mix:
    """The mix of `profile`."""
    people, yearly = pool(), rates()
    weights = _weights(profile, people)
    moves = (yearly.out_whole * 10_000).astype(np.int64)
    deaths = (people.per_household(yearly.death) * 10_000).astype(np.int64)
    arrival, death = _flows(profile, people, yearly, weights)
    small = weights if profile == "national" else weights // _SCALE
    return Mix(
        exact_weights(weights),
        yearly.arriving if profile == "national" else exact_weights(small // 2**4 * moves),
        exact_weights(small // 2**4 * deaths),
        arrival,
        death,
        _foreign(profile, people, yearly, weights),
    )


def _foreign(profile: Profile, people: Pool, yearly: Rates, weights: Ints) -> Floats:
    """The national chances, raised or lowered so that the town has the share of residents that its shape wants."""
    if not isinstance(profile, Shape) or profile.foreign is None:
        return yearly.foreign
    size = people.size.astype(np.float64)
    usual = exact_mean(weights, yearly.foreign * size) / exact_mean(weights, size)
    return np.minimum(yearly.foreign * (profile.foreign / usual), _MOST_FOREIGN)


def _flows(profile: Profile, people: Pool, yearly: Rates, weights: Ints) -> tuple[float, float]:
    death = exact_mean(weights, people.per_household(yearly.death))
    if profile == "national":
        return yearly.arrival, death
    balance = 1.0 if isinstance(profile, Shape) else ASSUMED_BALANCE[profile]
    return exact_mean(weights, yearly.out_whole + people.per_household(yearly.leaving)) * balance, death
