"""Grown children in another household of the block: who their parents are, and whose surname they bear."""

from dataclasses import dataclass

import numpy as np

from simulator.population.people import People
from simulator.population.pool import NONE, Bools, kind_number, pool, relationship_number
from simulator.streams import Ints, Stream

ASSUMED_LINKED = 0.3  # share of heads of 20–62 with a parental couple living nearby
YOUNGEST, OLDEST = 20, 62
MOTHER_GAP = (20, 40)
FATHER_GAP_DAYS = 18 * 365
SIBLING_GAP_DAYS = 300  # ten months


@dataclass(frozen=True, slots=True)
class Kinship:
    """Links from grown children to their parents' households.

    Attributes:
        child: member numbers of the children.
        mother, father: member numbers of their parents.
        surname_of: for each household, the household whose surname it bears.
    """

    child: Ints
    mother: Ints
    father: Ints
    surname_of: Ints


def draw_kinship(stream: Stream, people: People) -> Kinship:
    """Link some heads (men, and people living alone, who keep their name) to couples a generation older."""
    mothers, fathers = _couples(people)
    child = _children(stream, people)
    order = np.argsort(people.birth[mothers], kind="stable")
    births = people.birth[mothers][order]
    low = np.searchsorted(births, people.birth[child] - MOTHER_GAP[1] * 365, side="left")
    high = np.searchsorted(births, people.birth[child] - (MOTHER_GAP[0] * 365 + 10), side="right")
    some = high > low
    child, low, high = child[some], low[some], high[some]
    at = order[low + _choose(stream, child, high - low)]
    mother, father = mothers[at], fathers[at]
    fits = (people.birth[child] - people.birth[father] >= FATHER_GAP_DAYS) & _spaced(people, child, mother)
    child, mother, father = child[fits], mother[fits], father[fits]
    surname_of = np.arange(len(people.composition))
    surname_of[people.home[child]] = people.home[mother]
    for _ in range(3):  # at most four generations are alive
        surname_of = surname_of[surname_of]
    return Kinship(child, mother, father, surname_of)


def _choose(stream: Stream, child: Ints, counts: Ints) -> Ints:
    """One of `counts` for each child, drawn by the child's own number so that other children change nothing."""
    if not len(child):
        return child
    bounds = np.ones(int(child.max()) + 1, dtype=np.int64)
    bounds[child] = counts
    return stream.below("parents", len(bounds), bounds)[child]


def _couples(people: People) -> tuple[Ints, Ints]:
    source = pool()
    kinds = np.isin(source.kind[people.composition], [kind_number("couple"), kind_number("couple_children")])
    head = people.first[kinds]
    other = head + 1
    male = source.male[people.source[head]]
    return np.where(male, other, head), np.where(male, head, other)


def kept_names(stream: Stream, people: People) -> Bools:
    """Households that may bear a surname of parents nearby: their heads keep their name and are of age to have some."""
    source = pool()
    kinds = [kind_number(kind) for kind in ("single", "couple", "couple_children")]
    head = people.source[people.first]
    age = source.age[head]
    keeps = source.male[head] | (source.kind[people.composition] == kind_number("single"))
    fits = np.isin(source.kind[people.composition], kinds) & keeps & (age >= YOUNGEST) & (age <= OLDEST)
    chosen: Bools = fits & stream.chance("linked", len(head), ASSUMED_LINKED)
    return chosen


def _children(stream: Stream, people: People) -> Ints:
    heads: Ints = people.first[kept_names(stream, people)]
    return heads


def _spaced(people: People, child: Ints, mother: Ints) -> Bools:
    """Whether each child is ten months apart from every other child of its mother."""
    source = pool()
    at_home = np.flatnonzero(
        (source.mother[people.source] != NONE) & (source.relationship[people.source] == relationship_number("子"))
    )
    everyone = np.concatenate([child, at_home])
    parent = np.concatenate([mother, people.member(source.mother[people.source])[at_home]])
    order = np.lexsort((people.birth[everyone], parent))
    birth, owner = people.birth[everyone][order], parent[order]
    close = np.zeros(len(order), dtype=np.bool_)
    near = (owner[1:] == owner[:-1]) & (birth[1:] - birth[:-1] < SIBLING_GAP_DAYS)
    close[1:] |= near
    close[:-1] |= near
    apart = np.empty(len(order), dtype=np.bool_)
    apart[order] = ~close
    return apart[: len(child)]
