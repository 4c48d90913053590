"""Who is what to whom beyond the household, who is protected from whom, and who is of interest to others."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.population.columns import terms
from simulator.population.kinship import Kinship
from simulator.population.people import People
from simulator.population.pool import kind_number, pool
from simulator.population.rates import ADULT, rates
from simulator.schema.people import CONSULTED, FIGURES, RELATIONS
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day
from simulator.world.given_names import given_names
from simulator.world.surnames import surnames

ASSUMED_FORMER_SPOUSE = 0.35  # of mothers alone with children, the father lives in the block
ASSUMED_CLASSMATES = 0.6
ASSUMED_FRIENDS = 0.4
ASSUMED_RENEWED = 0.85
SCHOOL_AGES = (6, 70)
# ASSUMED figures: share of residents, lowest and highest age, days back in which they became known.
ASSUMED_FIGURES = {
    "celebrity": (0.0003, 18, 80, 7_300), "politician": (0.0007, 30, 78, 2_900),
    "executive": (0.0008, 40, 80, 5_500), "newsworthy": (0.0004, 1, 100, 60),
}  # fmt: skip


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


def relations(stream: Stream, people: People, kin: Kinship, former: tuple[Ints, Ints]) -> pl.DataFrame:
    """Table ``relation`` with local numbers."""
    parts = [
        ("parent", kin.mother, kin.child),
        ("parent", kin.father, kin.child),
        *_both("former_spouse", former),
        *_both("sibling", _siblings(people, kin)),
        *_both("classmate", _classmates(stream, people)),
        *_both("friend", _friends(stream, people)),
    ]
    frames = [_relation(name, one, other) for name, one, other in parts]
    return pl.concat(frames).unique(["resident_no", "other_no", "relation"], maintain_order=True)


def _relation(name: str, one: Ints, other: Ints) -> pl.DataFrame:
    numbers = {"resident_no": one.astype(np.uint32), "other_no": other.astype(np.uint32)}
    return pl.DataFrame(numbers).with_columns(relation=pl.lit(name, RELATIONS))


def _both(name: str, pairs: tuple[Ints, Ints]) -> list[tuple[str, Ints, Ints]]:
    return [(name, *pairs), (name, pairs[1], pairs[0])]


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


@dataclass(frozen=True, slots=True)
class Names:
    """Surnames and given names of members, for naming the other party of a protection."""

    family: pl.Series
    given: pl.Series


def protections(
    stream: Stream, people: People, window: Window, former: tuple[Ints, Ints], names: Names
) -> pl.DataFrame:
    """Table ``protection`` with local numbers: the whole household is protected."""
    households = np.flatnonzero(
        stream.chance("protected", len(people.composition), rates().protected[people.composition])
    )
    start = epoch_day(window.start)
    since = start - stream.below("protected_since", len(people.composition), 365)[households]
    renewed = stream.chance("renewed", len(people.composition), ASSUMED_RENEWED)[households]
    until = since + 365 * np.where(renewed, 1 + np.maximum(0, epoch_day(window.end) - since) // 365, 1)
    party = _other_party(stream, people, households, former, names)
    size = people.size[households]
    at = np.repeat(np.arange(len(households)), size)
    place = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
    return pl.DataFrame(
        {
            "resident_no": (people.first[households][at] + place).astype(np.uint32),
            "valid_from": pl.Series(since[at].astype(np.int32)).cast(pl.Date),
            "valid_to": pl.Series(until[at].astype(np.int32)).cast(pl.Date),
            "other_party": party[at],
            "applicant": people.first[households][at].astype(np.uint32),
            "first_from": pl.Series(since[at].astype(np.int32)).cast(pl.Date),
            "consulted": terms(CONSULTED)[np.zeros(len(at), dtype=np.int64)],
        }
    )


def _other_party(
    stream: Stream, people: People, households: Ints, former: tuple[Ints, Ints], names: Names
) -> pl.Series:
    """The former husband where he is known, else a man of the head's age from elsewhere."""
    count = len(people.composition)
    family = surnames()[0].names["name"][stream.pick("party_family", count, surnames()[1])]
    head = people.birth[people.first]
    years = head.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    rows = given_names().draw(stream, "party_given", np.ones(count, dtype=np.bool_), years)
    text = (family + " " + given_names().listed.names["name"][rows])[households]
    husband = np.full(count, -1)
    husband[people.home[former[0]]] = former[1]
    known = pl.Series(husband[households] >= 0)
    his = np.maximum(husband[households], 0)
    former_name: pl.Series = names.family[his] + " " + names.given[his]
    return text.zip_with(~known, former_name)


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
