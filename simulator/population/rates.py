"""How often things happen to whom, scaled over the pool so that the crude rates are the official ones."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from simulator.population.pool import NONE, Bools, Pool, exact_weights, kind_number, pool, relationship_number
from simulator.streams import Floats, Ints, Weights

# Per person and year. Source: domain.md 6.1 (births 6.0, deaths 12.6, in 38.7, out 39.0, marriages 3.9, divorces 1.52
# per 1,000; moves within a city 20–30).
BIRTH_RATE, DEATH_RATE = 0.0060, 0.0126
IN_RATE, OUT_RATE, WITHIN_RATE = 0.0387, 0.0390, 0.0250
MARRIAGE_RATE, DIVORCE_RATE = 0.0039, 0.00152
FOREIGN_SHARE = 0.0266  # Source: domain.md 6.1 (2024-01-01)
PROTECTED_SHARE = 0.0012  # Source: domain.md 1.3 (December 2020)
ASSUMED_LEAVING_CHILD_RATE = 0.05  # grown children of 18–29 who move out of the municipality alone, per year
ASSUMED_DIVORCED_AWAY = 0.5  # of those who leave at a divorce, so many leave the municipality
ASSUMED_LEAVERS = 2.0  # with their children
# ASSUMED deaths per 1,000 and year by five-year cell up to 95+, in the proportions of a recent life table.
ASSUMED_DEATHS_MALE = (
    0.5,
    0.1,
    0.1,
    0.3,
    0.5,
    0.5,
    0.6,
    0.8,
    1.2,
    1.9,
    3.1,
    4.9,
    7.6,
    12.8,
    20.5,
    33,
    58,
    105,
    180,
    300,
)
ASSUMED_DEATHS_FEMALE = (
    0.4,
    0.1,
    0.1,
    0.2,
    0.3,
    0.3,
    0.4,
    0.5,
    0.7,
    1.1,
    1.7,
    2.4,
    3.6,
    5.7,
    9.5,
    17,
    33,
    66,
    130,
    250,
)
# ASSUMED relative frequency by five-year cell of the mother's, the spouses' or the head's age. Moves peak at 18–29
# and are rare after 65 (domain.md 6.1).
ASSUMED_BIRTHS = (0, 0, 0, 0, 10, 18, 16, 8, 1.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
ASSUMED_MOVES = (0, 0, 0, 60, 130, 125, 80, 50, 35, 26, 20, 16, 13, 10, 8, 7, 7, 6, 5, 3)
ASSUMED_MARRIAGES = (0, 0, 0, 0, 4, 10, 7, 3, 1.5, 0.7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
ASSUMED_DIVORCES = (0, 0, 0, 0, 8, 8, 7, 6, 5, 4, 3, 1.5, 0.8, 0, 0, 0, 0, 0, 0, 0)
ASSUMED_FOREIGN = (1, 1, 1, 10, 16, 14, 10, 7, 4, 3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.1, 0.1)
ADULT = 18
ASSUMED_OLD_HEAD = 75  # from this age on some heads hand over
MOTHER_AGE_LIMIT = 45
YOUNGEST_GAP = 2


# ASSUMED per household and year, story by story in the order of `stories` from CANCELLED on; none is published but for
# adoptions (about 60,000 a year, a third as many dissolved) and some 2,000 declarations of disappearance, which are
# laid on people who live alone and, for adoptions, on grandchildren in the house. Naturalised and alias concern
# foreign households only.
ASSUMED_AMENDMENTS = {
    "cancelled": 0.001, "undone": 0.0004, "erased": 0.0006, "split": 0.008, "merged": 0.1, "new_head": 0.004,
    "corrected": 0.0012, "renamed": 0.0004, "former_name": 0.001, "transferred": 0.003, "recoded": 0.0003,
    "renumbered": 0.0003, "remade": 0.001, "naturalised": 0.003, "alias": 0.003,
    "adopted": 0.0025, "unadopted": 0.0009, "missing": 0.0001,
}  # fmt: skip


def amendments() -> list[Floats]:
    """Chance per year of each minor story by composition."""
    people = pool()
    single = people.kind == kind_number("single")
    couple = np.isin(people.kind, [kind_number("couple"), kind_number("couple_children")])
    family = people.kind == kind_number("three_generations")
    parents = np.isin(people.kind, [kind_number("couple_children"), kind_number("lone_parent")])
    every = people.kind != kind_number("institution")
    fits = {
        "erased": single, "split": family | parents, "merged": single, "naturalised": single, "former_name": couple,
        "adopted": single | family, "unadopted": single, "missing": single,
        "new_head": family | (couple & (people.age[people.first] >= ASSUMED_OLD_HEAD)),
    }  # fmt: skip
    return [chance * fits.get(name, every).astype(np.float64) for name, chance in ASSUMED_AMENDMENTS.items()]


@dataclass(frozen=True, slots=True)
class Rates:
    """Per year. The first five are per composition of the pool; deaths per member; the last three are plain numbers.

    Attributes:
        out_whole, within_whole: chance that the household moves away, or within the municipality.
        birth, divorce: chance of a birth, a divorce.
        foreign: chance that the household is foreign.
        death, leaving, marriage: per member.
        arriving: weights of the compositions that arrive.
        arrival: how many arrive per household that is here.
        protected: chance by composition that the household is protected.
    """

    out_whole: Floats
    within_whole: Floats
    birth: Floats
    divorce: Floats
    foreign: Floats
    death: Floats
    leaving: Floats
    marriage: Floats
    arriving: Weights
    arrival: float
    protected: Floats


def by_age(table: tuple[float, ...], ages: Ints) -> Floats:
    """The value of a five-year table for each age."""
    values: Floats = np.array(table, dtype=np.float64)[np.minimum(ages // 5, len(table) - 1)]
    return values


def _scaled(people: Pool, shape: Floats, rate: float, weight: Floats | None = None) -> Floats:
    """`shape` per composition times the factor that makes ``mean(shape * weight)`` equal `rate` per person."""
    expected = people.mean(shape if weight is None else shape * weight)
    return shape * (rate * people.mean_size / expected)


def single_adults(people: Pool) -> Bools:
    """Members who may marry: people living alone, and grown children at home without a spouse."""
    kind = people.kind[people.home]
    child = (people.relationship == relationship_number("子")) & (people.spouse == NONE)
    alone = kind == kind_number("single")
    two_parents = np.isin(kind, [kind_number("couple_children"), kind_number("lone_parent")])
    free: Bools = (alone | (child & two_parents)) & (people.age >= ADULT + 1)
    return free


@cache
def rates() -> Rates:
    """The rates of the national profile."""
    people = pool()
    settled = people.kind != kind_number("institution")
    moves = by_age(ASSUMED_MOVES, people.age[people.first]) * settled
    size = people.size.astype(np.float64)
    leaving = _leaving(people)
    alone = people.mean(people.per_household(leaving)) / people.mean_size
    whole_rate = OUT_RATE - alone - DIVORCE_RATE * ASSUMED_DIVORCED_AWAY * ASSUMED_LEAVERS
    married = _married_women(people)
    arriving = people.weights * moves.astype(np.int64)
    return Rates(
        out_whole=_scaled(people, moves, whole_rate, size),
        within_whole=_scaled(people, moves, WITHIN_RATE, size),
        birth=_scaled(people, people.per_household(by_age(ASSUMED_BIRTHS, people.age) * _fertile(people)), BIRTH_RATE),
        divorce=_scaled(people, people.per_household(by_age(ASSUMED_DIVORCES, people.age) * married), DIVORCE_RATE),
        foreign=_foreign(people, settled, size),
        death=_deaths(people),
        leaving=leaving,
        marriage=_marriages(people),
        arriving=exact_weights(arriving),
        arrival=IN_RATE * people.mean_size / _mean_size(people, arriving),
        protected=_protected(people, size),
    )


def _mean_size(people: Pool, weights: Ints) -> float:
    small = weights // 2**10
    return int((small * people.size).sum()) / int(small.sum())


def _leaving(people: Pool) -> Floats:
    child = (people.relationship == relationship_number("子")) & (people.spouse == NONE)
    chance: Floats = ASSUMED_LEAVING_CHILD_RATE * (child & (people.age >= ADULT) & (people.age < 30))  # noqa: PLR2004
    return chance


def _married_women(people: Pool) -> Bools:
    kind = people.kind[people.home]
    family = np.isin(kind, [kind_number("couple"), kind_number("couple_children")])
    wives: Bools = family & ~people.male & (people.spouse != NONE)
    return wives


def _fertile(people: Pool) -> Bools:
    """Married women of 18–44 with no child younger than two in the house (and nobody else's child in doubt)."""
    youngest = np.minimum.reduceat(people.age, people.first)[people.home]
    fits = (people.age >= ADULT + 1) & (people.age < MOTHER_AGE_LIMIT) & (youngest >= YOUNGEST_GAP)
    return _married_women(people) & fits


def _deaths(people: Pool) -> Floats:
    """Nobody dies who is the only adult of minors: what becomes of orphans is not told."""
    shape = np.where(people.male, by_age(ASSUMED_DEATHS_MALE, people.age), by_age(ASSUMED_DEATHS_FEMALE, people.age))
    adults = people.per_household((people.age >= ADULT).astype(np.float64))
    only = (people.age >= ADULT) & (adults == 1)[people.home] & (people.size > 1)[people.home]
    shape = np.where(only, 0.0, shape)
    return shape * (DEATH_RATE * people.mean_size / people.mean(people.per_household(shape)))


def _marriages(people: Pool) -> Floats:
    shape = by_age(ASSUMED_MARRIAGES, people.age) * single_adults(people)
    scaled = np.zeros(len(shape))
    for side in (people.male, ~people.male):
        own = shape * side
        scaled += own * (MARRIAGE_RATE * people.mean_size / people.mean(people.per_household(own)))
    return scaled


def _foreign(people: Pool, settled: Bools, size: Floats) -> Floats:
    shape = by_age(ASSUMED_FOREIGN, people.age[people.first]) * settled
    return np.minimum(_scaled(people, shape, FOREIGN_SHARE, size), 0.9)


def _protected(people: Pool, size: Floats) -> Floats:
    """ASSUMED: mothers alone with minors five times as likely as women alone of working age; nobody else."""
    head = people.first
    woman = ~people.male[head] & (people.age[head] >= ADULT) & (people.age[head] < 65)  # noqa: PLR2004
    minors = np.minimum.reduceat(people.age, people.first) < ADULT
    lone = woman & minors & (people.kind == kind_number("lone_parent"))
    alone = woman & (people.kind == kind_number("single"))
    return _scaled(people, 5.0 * lone + 1.0 * alone, PROTECTED_SHARE, size)
