"""What every member of a household is to a new head: the relationships of all pairs of the pool's compositions."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from simulator.population.people import People
from simulator.population.pool import NONE, Bools, Pool, pool, relationship_number
from simulator.streams import Ints


@dataclass(frozen=True, slots=True)
class Roles:
    """Relationships of composition c: member m to head h at ``first[c] + h * size[c] + m``."""

    first: Ints
    relationship: Ints

    def of(self, people: People, members: Ints, heads: Ints) -> Ints:
        """The relationship number of each of `members` to the member of its household in `heads`."""
        home = people.home[members]
        composition, start = people.composition[home], people.first[home]
        at = self.first[composition] + (heads - start) * pool().size[composition] + members - start
        found: Ints = self.relationship[at]
        return found


@dataclass(frozen=True, slots=True)
class _Pairs:
    """All pairs of members of one composition, and pointers of members as member numbers, −1 for none."""

    source: Pool
    head: Ints
    member: Ints
    mother: Ints
    father: Ints
    spouse: Ints

    def parents(self, members: Ints) -> tuple[Ints, Ints]:
        """Mother and father of `members`; of none, none."""
        there = members >= 0
        return np.where(there, self.mother[members], -1), np.where(there, self.father[members], -1)

    def child_of(self, members: Ints, others: Ints) -> Bools:
        """Whether each of `members` has the one of `others` as mother or father."""
        found: Bools = np.zeros(len(members), dtype=np.bool_)
        for parent in self.parents(members):
            found |= (parent >= 0) & (parent == others)
        return found

    def grandchild_of(self, members: Ints, others: Ints) -> Bools:
        """Whether a parent of each of `members` is a child of the one of `others`."""
        mother, father = self.parents(members)
        found: Bools = self.child_of(mother, others) | self.child_of(father, others)
        return found


def _pairs(people: Pool) -> tuple[Ints, _Pairs]:
    squares = people.size**2
    first = np.cumsum(squares) - squares
    composition = np.repeat(np.arange(len(people.size)), squares)
    at = np.arange(len(composition)) - first[composition]
    start, size = people.first[composition], people.size[composition]
    start_of = people.first[people.home]
    mother, father, spouse = (
        np.where(c == NONE, -1, start_of + c) for c in (people.mother, people.father, people.spouse)
    )
    numbers = (start + at // size).astype(np.int64), (start + at % size).astype(np.int64)
    return first, _Pairs(people, *numbers, mother, father, spouse)


@cache
def roles() -> Roles:
    """The table of the pool, made once."""
    first, pairs = _pairs(pool())
    source, head, member = pairs.source, pairs.head, pairs.member
    male = source.male[member]
    rules = [
        (head == member, "世帯主", "世帯主"),
        (_unwed(pairs), "夫(未届)", "妻(未届)"),
        (pairs.spouse[head] == member, "夫", "妻"),
        (pairs.child_of(member, head), "子", "子"),
        (pairs.child_of(head, member), "父", "母"),
        (_siblings(pairs) & _elder(pairs), "兄", "姉"),
        (_siblings(pairs), "弟", "妹"),
        (pairs.grandchild_of(member, head) | _says(pairs, "子の子"), "子の子", "子の子"),
        (pairs.grandchild_of(head, member) | _says_back(pairs, "子の子"), "祖父", "祖母"),
        (pairs.child_of(pairs.spouse[member], head), "子の夫", "子の妻"),
    ]
    kin = [(mask, np.where(male, relationship_number(his), relationship_number(hers))) for mask, his, hers in rules]
    kin += _in_law(pairs)
    stranger = _says(pairs, "同居人") | _says_back(pairs, "同居人")
    rest = np.where(stranger, relationship_number("同居人"), relationship_number("縁故者"))
    return Roles(first, np.select([mask for mask, _ in kin], [number for _, number in kin], rest))


def _in_law(pairs: _Pairs) -> list[tuple[Bools, Ints]]:
    """Parents and children of the head's spouse."""
    spouse = pairs.spouse[pairs.head]
    wife = pairs.source.male[pairs.head]

    def said(word: str) -> Ints:
        """The number of `word` to the wife or to the husband."""
        return np.where(wife, relationship_number(f"妻の{word}"), relationship_number(f"夫の{word}"))

    above, below = np.where(pairs.source.male[pairs.member], said("父"), said("母")), said("子")
    return [(pairs.child_of(spouse, pairs.member), above), (pairs.child_of(pairs.member, spouse), below)]


def _says(pairs: _Pairs, word: str) -> Bools:
    """Whether the member is `word` to the head in the pool."""
    number = pairs.source.relationship
    said: Bools = (number[pairs.member] == relationship_number(word)) & (
        number[pairs.head] == relationship_number("世帯主")
    )
    return said


def _says_back(pairs: _Pairs, word: str) -> Bools:
    number = pairs.source.relationship
    said: Bools = (number[pairs.head] == relationship_number(word)) & (
        number[pairs.member] == relationship_number("世帯主")
    )
    return said


def _unwed(pairs: _Pairs) -> Bools:
    together: Bools = pairs.spouse[pairs.head] == pairs.member
    words = [f(pairs, word) for word in ("夫(未届)", "妻(未届)") for f in (_says, _says_back)]
    married: Bools = together & np.logical_or.reduce(words)
    return married


def _siblings(pairs: _Pairs) -> Bools:
    mothers = (pairs.mother[pairs.head] >= 0) & (pairs.mother[pairs.head] == pairs.mother[pairs.member])
    fathers = (pairs.father[pairs.head] >= 0) & (pairs.father[pairs.head] == pairs.father[pairs.member])
    said = [f(pairs, word) for word in ("弟", "妹", "兄", "姉") for f in (_says, _says_back)]
    found: Bools = mothers | fathers | np.logical_or.reduce(said)
    return found


def _elder(pairs: _Pairs) -> Bools:
    age = pairs.source.age
    twin: Bools = (age[pairs.member] == age[pairs.head]) & (pairs.member < pairs.head)
    return (age[pairs.member] > age[pairs.head]) | twin
