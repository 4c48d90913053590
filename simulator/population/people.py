"""Who is in a block: households from the pool, and their members with exact birth dates."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.population.pool import NONE, Bools, Pool, pool
from simulator.streams import Ints, Stream, Weights, multiply_high
from simulator.world.calendar import years_before

MAX_MEMBERS = 8


@dataclass(frozen=True, slots=True)
class People:
    """Households and members of one part of a block. Member arrays are ordered by household and place.

    Attributes:
        composition: the pool's composition of each household, shape ``(n_households,)``.
        first: the member number of each household's head's place.
        home: the household of each member, shape ``(n_members,)``.
        source: the pool's member of each member.
        birth: birth date of each member, as an epoch day.
    """

    composition: Ints
    first: Ints
    home: Ints
    source: Ints
    birth: Ints

    @property
    def size(self) -> Ints:
        """Members per household."""
        return pool().size[self.composition]

    def member(self, places: Ints) -> Ints:
        """The member numbers of `places` in each member's household; −1 where there is none."""
        found = self.first[self.home] + places
        return np.where(places == NONE, -1, found)


def draw_people(stream: Stream, count: int, chosen: Weights, day: date) -> People:
    """`count` households as of `day`, drawn from the pool."""
    source = pool()
    composition = stream.pick("composition", count, chosen)
    size = source.size[composition]
    first = np.cumsum(size) - size
    home = np.repeat(np.arange(count), size)
    place = np.arange(len(home)) - first[home]
    member = source.first[composition][home] + place
    birth = _births(stream, source, member, (home, place), day)
    return People(composition, first, home, member, birth)


def _births(stream: Stream, source: Pool, member: Ints, where: tuple[Ints, Ints], day: date) -> Ints:
    """Birth dates that give each member's age on `day`; brothers and sisters are twins or ten months apart."""
    age = source.age[member]
    latest, earliest = years_before(day, age), years_before(day, age + 1)
    part = stream.bits("birthday", len(member))
    mother, father = source.mother[member], source.father[member]
    sibling = _follows_sibling(where[0], np.where(mother == NONE, father, mother))
    for place in range(1, MAX_MEMBERS):
        rows = np.flatnonzero(sibling & (where[1] == place))
        before = rows - 1
        part[rows] = np.where(
            age[rows] == age[before],
            part[before],
            np.where(age[rows] == age[before] - 1, multiply_high(part[rows], part[before]), part[rows]),
        )
    offset = multiply_high(part, (latest - earliest).astype(np.uint64)).astype(np.int64)
    return latest - offset


def _follows_sibling(home: Ints, parent: Ints) -> Bools:
    """Whether the member before is a brother or sister of the same parent in the house."""
    same = np.zeros(len(home), dtype=np.bool_)
    same[1:] = (home[1:] == home[:-1]) & (parent[1:] != NONE) & (parent[1:] == parent[:-1])
    return same
