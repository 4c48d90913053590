"""Who is what to whom beyond the household, who is protected from whom, and who is of interest to others."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.population.columns import terms
from simulator.population.kinship import Kinship
from simulator.population.people import People
from simulator.population.pool import NONE, kind_number, pool
from simulator.population.rates import ADULT
from simulator.schema.people import FIGURES, RELATIONS
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day

ASSUMED_FORMER_SPOUSE = 0.35  # of mothers alone with children, the father lives in the block
ASSUMED_CLASSMATES = 0.6
ASSUMED_FRIENDS = 0.4
ASSUMED_COLLEAGUES, ASSUMED_WORKPLACE, WORKING_AGES = 0.5, 14, (20, 65)
SCHOOL_AGES = (6, 70)
# ASSUMED figures: share of residents, lowest and highest age, days back in which they became known.
ASSUMED_FIGURES = {
    "celebrity": (0.0003, 18, 80, 7_300), "politician": (0.0007, 30, 78, 2_900),
    "executive": (0.0008, 40, 80, 5_500), "newsworthy": (0.0004, 1, 100, 60), "official": (0.0012, 30, 66, 4_000),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Near:
    """What ties come of where people live and whom they fear.

    Attributes:
        homes: the address of each household.
        street: for each address a number shared by those of one block or building.
        order: addresses along the streets.
        parties: other parties of protection measures who live here, and the applicants.
    """

    homes: Ints
    street: Ints
    order: Ints
    parties: tuple[Ints, Ints]


def draw_former_spouses(stream: Stream, people: People) -> tuple[Ints, Ints]:
    """Mothers alone with children and men living alone of about their age who were their husbands."""
    source = pool()
    head = people.first
    age, male = source.age[people.source[head]], source.male[people.source[head]]
    kind = source.kind[people.composition]
    lone = (kind == kind_number("lone_parent")) & ~male & (age < 55)  # noqa: PLR2004
    women = head[lone & stream.chance("former", len(head), ASSUMED_FORMER_SPOUSE)]
    men = head[(kind == kind_number("single")) & male & (age >= ADULT + 4) & (age < 60)]  # noqa: PLR2004
    men = np.sort(men[stream.order("former_men", len(men))[: len(women)]])
    women = women[: len(men)]
    women = women[np.argsort(people.birth[women], kind="stable")]
    men = men[np.argsort(people.birth[men], kind="stable")]
    near = np.abs(people.birth[women] - people.birth[men]) < 12 * 365
    return women[near], men[near]


def relations(stream: Stream, people: People, kin: Kinship, former: tuple[Ints, Ints], near: Near) -> pl.DataFrame:
    """Table ``relation`` with local numbers."""
    parts = [
        ("parent", kin.mother, kin.child),
        ("parent", kin.father, kin.child),
        *(("grandparent", elder, child) for elder, child in _grandparents(people, kin)),
        *(("in_law", elder, spouse) for elder, spouse in _in_laws(people, kin)),
        ("other_party", *near.parties),
        *_both("neighbour", _neighbours(people, near)),
        *_both("colleague", _colleagues(stream, people)),
        *_both("former_spouse", former),
        *_both("sibling", _siblings(people, kin)),
        *_both("classmate", _classmates(stream, people)),
        *_both("friend", _friends(stream, people)),
    ]
    names, ones, others = zip(*parts, strict=True)
    tie = np.repeat([RELATIONS.categories.to_list().index(name) for name in names], [len(one) for one in ones])
    one, other = np.concatenate(ones), np.concatenate(others)
    _, first = np.unique(tie * 2**40 + one * 2**20 + other, return_index=True)
    rows = np.sort(first)
    numbers = {"resident_no": one[rows].astype(np.uint32), "other_no": other[rows].astype(np.uint32)}
    return pl.DataFrame({**numbers, "relation": terms(RELATIONS)[tie[rows]]})


def _both(name: str, pairs: tuple[Ints, Ints]) -> list[tuple[str, Ints, Ints]]:
    return [(name, *pairs), (name, pairs[1], pairs[0])]


def _grandparents(people: People, kin: Kinship) -> list[tuple[Ints, Ints]]:
    """Parents of a linked child, and that child's children at home."""
    source = pool()
    rows, place = _at_home(people, kin)
    members = people.first[people.home[kin.child[rows]]] + place
    mother, father = source.mother[people.source[members]], source.father[people.source[members]]
    here = kin.child[rows] - people.first[people.home[kin.child[rows]]]
    own = (mother == here) | (father == here)
    return [(elder[rows][own], members[own]) for elder in (kin.mother, kin.father)]


def _in_laws(people: People, kin: Kinship) -> list[tuple[Ints, Ints]]:
    """Parents of a linked child, and that child's spouse."""
    spouse = pool().spouse[people.source[kin.child]]
    wed = spouse != NONE
    member = people.first[people.home[kin.child[wed]]] + spouse[wed]
    return [(elder[wed], member) for elder in (kin.mother, kin.father)]


def _at_home(people: People, kin: Kinship) -> tuple[Ints, Ints]:
    """Row of `kin` and place of everyone in the households of the linked children."""
    size = people.size[people.home[kin.child]]
    rows = np.repeat(np.arange(len(size)), size)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)


def _neighbours(people: People, near: Near) -> tuple[Ints, Ints]:
    """Heads of households next door: of the next rooms, or the next lots of a block."""
    order = near.order[np.isin(near.order, near.homes, kind="table")]
    household = np.full(int(max(near.order.max(), near.homes.max())) + 1, -1)
    household[near.homes] = np.arange(len(near.homes))
    ordered = household[order]
    same = near.street[order][1:] == near.street[order][:-1]
    one, other = ordered[:-1][same], ordered[1:][same]
    return people.first[one], people.first[other]


def _colleagues(stream: Stream, people: People) -> tuple[Ints, Ints]:
    """Pairs of people of working age who work at one place; each place has some dozen of the block."""
    age = pool().age[people.source]
    works = np.flatnonzero((age >= WORKING_AGES[0]) & (age < WORKING_AGES[1]))
    place = stream.below("workplace", len(age), max(1, len(works) // ASSUMED_WORKPLACE))
    order = works[np.lexsort((stream.bits("desk", len(age))[works], place[works]))]
    return _apart(people, _paired(order, place, stream.chance("colleague", len(age), ASSUMED_COLLEAGUES)))


def _siblings(people: People, kin: Kinship) -> tuple[Ints, Ints]:
    """Grown children elsewhere of the same mother, each with the next; and with the eldest child at home."""
    order = np.lexsort((kin.child, kin.mother))
    child, mother = kin.child[order], kin.mother[order]
    same = mother[1:] == mother[:-1]
    third = people.first[people.home[kin.mother]] + 2
    has = people.size[people.home[kin.mother]] > 2  # noqa: PLR2004
    return np.concatenate([child[:-1][same], kin.child[has]]), np.concatenate([child[1:][same], third[has]])


def _paired(order: Ints, group: Ints, keep: np.ndarray) -> tuple[Ints, Ints]:
    """Neighbours in `order` that share a `group`, two by two."""
    one, other = order[:-1:2], order[1::2]
    fits = (group[one] == group[other]) & keep[one]
    return one[fits], other[fits]


def _classmates(stream: Stream, people: People) -> tuple[Ints, Ints]:
    """Pairs of one school year (2 April to 1 April). Source: 学校教育法17条."""
    month = (people.birth - 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    year = (month - 3) // 12
    age = pool().age[people.source]
    fits = np.flatnonzero((age >= SCHOOL_AGES[0]) & (age < SCHOOL_AGES[1]))
    order = fits[np.lexsort((stream.bits("class", len(year))[fits], year[fits]))]
    return _apart(people, _paired(order, year, stream.chance("classmate", len(year), ASSUMED_CLASSMATES)))


def _friends(stream: Stream, people: People) -> tuple[Ints, Ints]:
    """Pairs of adults of about the same age."""
    age = pool().age[people.source]
    cell = age // 6
    adults = np.flatnonzero(age >= ADULT)
    order = adults[np.lexsort((stream.bits("friend", len(age))[adults], cell[adults]))]
    return _apart(people, _paired(order, cell, stream.chance("friendship", len(age), ASSUMED_FRIENDS)))


def _apart(people: People, pairs: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    apart = people.home[pairs[0]] != people.home[pairs[1]]
    return pairs[0][apart], pairs[1][apart]


def figures(stream: Stream, people: People, window: Window) -> pl.DataFrame:
    """Table ``figure`` with local numbers; newsworthy people became so shortly before or in the window."""
    age = pool().age[people.source]
    u, back = stream.unit("figure", len(age)), stream.unit("since", len(age))
    frames = []
    low = 0.0
    for name, (share, youngest, oldest, days) in ASSUMED_FIGURES.items():
        found = np.flatnonzero((u >= low) & (u < low + share) & (age >= youngest) & (age <= oldest))
        low += share
        until = window.day_count // 2 if name == "newsworthy" else 0
        since = epoch_day(window.start) + until - (back[found] * (days + until)).astype(np.int64)
        frame = pl.DataFrame({"resident_no": found.astype(np.uint32), "since": since.astype(np.int32)})
        frames.append(frame.select("resident_no", pl.lit(name, FIGURES).alias("figure"), pl.col("since").cast(pl.Date)))
    return pl.concat(frames).sort("resident_no")
