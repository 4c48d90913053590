"""Names and nationalities."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from simulator.population.people import People
from simulator.population.pool import Bools, pool
from simulator.streams import Floats, Ints, Stream, Weights
from simulator.world.foreigners import NATIONS, foreign_names
from simulator.world.given_names import given_names
from simulator.world.surnames import surnames


@dataclass(frozen=True, slots=True)
class Identity:
    """Rows of the name lists.

    Attributes:
        family: row of the surname (or of the nation's surnames), per member.
        given: row of the given name, per member.
        nation: number of the nation, 0 for Japan, per member.
    """

    family: Ints
    given: Ints
    nation: Ints


def draw_identity(stream: Stream, people: People, surname_of: Ints, foreign: Floats) -> Identity:
    """Names of `people`; household h bears the surname drawn for household ``surname_of[h]``.

    Args:
        stream: of the party.
        people: who.
        surname_of: per household.
        foreign: chance by composition of the pool that a household is foreign.
    """
    households, members = len(people.composition), len(people.home)
    nation = _nations(stream, households, foreign[people.composition])[people.home]
    family = stream.pick("surname", households, surnames()[1])[surname_of][people.home]
    own = stream.pick("own_surname", members, surnames()[1])
    own_name = pool().own_name[people.source]
    family = np.where(own_name, own, family)
    years = (people.birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)) + 1970
    male = pool().male[people.source]
    given = _distinct(people, given_names().draw(stream, "given", male, years), male, (stream, years))
    return Identity(*_foreign(stream, people, (family, given), nation), nation)


def _nations(stream: Stream, count: int, chance: np.ndarray) -> Ints:
    foreign = stream.chance("foreign", count, chance)
    which = stream.pick("nation", count, Weights.of([nation.people for nation in NATIONS]))
    return np.where(foreign, which + 1, 0)


def _distinct(people: People, given: Ints, male: Bools, again: tuple[Stream, Ints]) -> Ints:
    """Another draw for those who would share the given name of someone else in the house."""
    stream, years = again
    order = np.lexsort((given, people.home))
    same = np.zeros(len(given), dtype=np.bool_)
    same[order[1:]] = (given[order[1:]] == given[order[:-1]]) & (people.home[order[1:]] == people.home[order[:-1]])
    return np.where(same, given_names().draw(stream, "given_again", male, years), given)


def _foreign(stream: Stream, people: People, names: tuple[Ints, Ints], nation: Ints) -> tuple[Ints, Ints]:
    lists = foreign_names()
    family, given = names
    at = np.maximum(nation - 1, 0)
    male = pool().male[people.source]
    house = stream.below("foreign_family", len(people.composition), 2**31)[people.home]
    first, count = lists.family_first[at], lists.family_count[at]
    names_given = lists.given_first[at, 1 - male], lists.given_count[at, 1 - male]
    place = np.arange(len(nation)) - people.first[people.home]
    start = stream.below("foreign_given", len(people.composition), 2**31)[people.home]
    drawn = names_given[0] + (start + place) % names_given[1]
    abroad = nation > 0
    return np.where(abroad, first + house % count, family), np.where(abroad, drawn, given)


@cache
def _lists() -> tuple[pl.DataFrame, pl.DataFrame, int, int]:
    """Family and given names, Japanese first and foreign after, and where the foreign ones begin."""
    family, given, lists = surnames()[0].names, given_names().listed.names, foreign_names()
    both = pl.concat([family, lists.family.names]), pl.concat([given, lists.given.names])
    return *both, family.height, given.height


def name_columns(identity: Identity) -> pl.DataFrame:
    """The name columns of the table ``resident``."""
    family_list, given_list, family_start, given_start = _lists()
    abroad = identity.nation > 0
    family = family_list[identity.family + family_start * abroad]
    given = given_list[identity.given + given_start * abroad]
    return pl.DataFrame(
        {
            "family_name": family["name"], "given_name": given["name"],
            "family_kana": family["kana"], "given_kana": given["kana"],
            "name_key": family["name_key"] + given["name_key"], "kana_key": family["kana_key"] + given["kana_key"],
            "nationality": _nation_codes()[identity.nation],
        }
    )  # fmt: skip


@cache
def _nation_codes() -> pl.Series:
    return pl.Series(["JP", *(nation.code for nation in NATIONS)])
