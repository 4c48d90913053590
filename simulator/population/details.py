"""What the record says beside name, birth and home: family register, former names, insurance, how one came here."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import numpy as np
import polars as pl

from simulator.population import columns
from simulator.population.identity import Identity
from simulator.population.party import Party
from simulator.population.people import People
from simulator.population.pool import NONE, Bools, pool, relationship_number
from simulator.population.rates import ADULT, by_age
from simulator.schema.people import BIRTH_KNOWN, CHANGES, HEALTH_INSURANCES, PENSIONS
from simulator.streams import Ints, Stream, Weights
from simulator.world.elsewhere import COUNTRIES, PLACES, addresses_elsewhere, countries, towns_elsewhere
from simulator.world.given_names import given_names
from simulator.world.municipality import MUNICIPALITIES, Municipality, place_in_nation
from simulator.world.residence import REGISTER_BEGAN
from simulator.world.surnames import surnames
from simulator.world.towns import town_names

ASSUMED_MOVED_WITHIN = 0.3  # of households that came earlier, so many have moved within the municipality since
ASSUMED_WIFES_NAME = 0.05  # Source: domain.md 6.1, about 95 % of couples take the husband's name
ASSUMED_REGISTRY_HERE = 0.5  # of households, the family register is kept where they live
REGISTRY_LOTS = 2_400
ASSUMED_FORMER_NAME = 0.006  # of married women under 65; about 200,000 people had it recorded in its first years
ASSUMED_BIRTH_UNKNOWN = 0.0006  # of people over 75 and of foreigners living alone
ASSUMED_PRECISION = Weights.of((40, 50, 10))  # month, year, nothing known
# ASSUMED share of households in national health insurance by the head's age in five-year cells (about 20 % of people).
ASSUMED_NATIONAL_HEALTH = (0.2, 0.2, 0.2, 0.2, 0.22, 0.18, 0.16, 0.16, 0.16, 0.17, 0.18, 0.2, 0.3, 0.7, 0.8)
ASSUMED_VOLUNTARY_PENSION = 0.02
ASSUMED_OWN_REGISTER = 0.3  # of single adults under 40, so many have left their parents' family register
ASSUMED_EX_OFFICIO = 0.003  # of households, so many were entered by the office of its own
NOTES = ("平成24年7月9日外国人登録原票より移記", "生年月日不詳の届出による")
ASSUMED_DIRECT = 0.5  # of foreigners, so many came from abroad and not from another municipality
PENSION_AGES, CARE_AGE, LATE_AGE = (20, 60), 65, 75  # Source: 国民年金法7条, 介護保険法9条, 高齢者医療確保法50条
FATHER_GAP = 30


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when: the municipality, the block, and the day before the window."""

    place: Municipality
    block: int
    eve: date


@cache
def _register_leader() -> Ints:
    """For each member of the pool the place of who leads its family register; NONE where that is a parent elsewhere.

    A register holds a couple, or a parent, and the children who have neither spouse nor child (戸籍法6条, 18条).
    """
    people = pool()
    home, place = people.home, np.arange(len(people.age)) - people.first[people.home]
    parents = np.where(people.father != NONE, people.father, people.mother)
    is_parent = np.zeros(len(place), dtype=np.bool_)
    for column in (people.mother, people.father):
        child = column != NONE
        is_parent[(people.first[home] + column)[child]] = True
    couple = (people.spouse != NONE) & ~_unwed()
    husband = np.where(people.male, place, people.spouse)
    at_home = ~couple & ~is_parent & (parents != NONE)
    alone = ~couple & ~is_parent & (parents == NONE) & (people.age < 40)  # noqa: PLR2004
    own = np.where(couple, husband, np.where(alone, NONE, place))
    parent = np.where(parents == NONE, 0, parents) + people.first[home]
    leader: Ints = np.where(at_home, own[parent], own)
    return leader


@cache
def _unwed() -> Bools:
    """Both sides of couples of the pool who are not married (未届)."""
    people = pool()
    words = [relationship_number("夫(未届)"), relationship_number("妻(未届)")]
    unwed = np.isin(people.relationship, words)
    other = people.first[people.home] + np.where(people.spouse == NONE, 0, people.spouse)
    both: Bools = unwed | ((people.spouse != NONE) & unwed[other])
    return both


def registry_columns(stream: Stream, people: People, identity: Identity, setting: Setting) -> pl.DataFrame:
    """本籍 and 筆頭者, per member; null for foreigners."""
    count = len(people.composition)
    leader = _register_leader()[people.source]
    elsewhere = (leader == NONE) & ~stream.chance("own_register", len(leader), ASSUMED_OWN_REGISTER)
    place = np.arange(len(leader)) - people.first[people.home]
    lead = people.first[people.home] + np.where(leader == NONE, place, leader)
    wifes = stream.chance("wifes_name", count, ASSUMED_WIFES_NAME)[people.home]
    partner = pool().spouse[people.source[lead]]
    lead = np.where(wifes & (partner != NONE), people.first[people.home] + partner, lead)
    head_year = _year(people.birth[people.first]) - FATHER_GAP
    father = given_names().draw(stream, "registry_father", np.ones(count, dtype=np.bool_), head_year)
    given = np.where(elsewhere, father[people.home], identity.given[lead])
    texts = _registry_towns(setting)
    here = stream.chance("registry_here", count, ASSUMED_REGISTRY_HERE)[people.home]
    towns = len(texts) - PLACES
    local = stream.below("registry_town", len(lead), towns)[lead]
    far = towns + stream.below("registry_far", count, PLACES)[people.home]
    lot = stream.below("registry_lot", len(lead), REGISTRY_LOTS)[lead] + 1
    japanese = identity.nation == 0
    return pl.DataFrame(
        {
            "registry_town": columns.texts(texts, np.where(here, local, far), japanese),
            "registry_lot": columns.numbers(lot, japanese, "uint16"),
            "registry_given": columns.texts(given_names().listed.names["name"], given, japanese),
        }
    )


@lru_cache(maxsize=8)
def _registry_towns(setting: Setting) -> pl.Series:
    here = [
        setting.place.prefecture + setting.place.name + town
        for town in town_names(setting.place, setting.block)["town"]
    ]
    return pl.concat([pl.Series(here), towns_elsewhere()])


def _year(days: Ints) -> Ints:
    years: Ints = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def far_register(stream: Stream, column: str, count: int) -> pl.DataFrame:
    """Family registers kept elsewhere, drawn from `column`: 本籍 without 筆頭者."""
    town = towns_elsewhere()[stream.below(f"{column}_town", count, PLACES)]
    lot = pl.Series(stream.below(f"{column}_lot", count, REGISTRY_LOTS) + 1).cast(pl.UInt16)
    return pl.DataFrame({"registry_town": town, "registry_lot": lot})


def own_given(rows: Ints) -> pl.Series:
    """筆頭者: the given names of `rows` of the name list."""
    return given_names().listed.names["name"][rows].alias("registry_given")


def insurance_columns(party: Party, age: Ints, settled: Bools) -> pl.DataFrame:
    """Insurance, pension, care, child allowance and the list of voters (for the `settled`), per member of `age`."""
    stream, people, identity = party.stream, party.people, party.identity
    count = len(people.composition)
    chance = by_age(ASSUMED_NATIONAL_HEALTH, age[people.first])
    national = stream.chance("national_health", count, chance)[people.home]
    working = (age >= PENSION_AGES[0]) & (age < PENSION_AGES[1])
    late = (age >= PENSION_AGES[1]) & (age < CARE_AGE)
    voluntary = late & stream.chance("voluntary_pension", len(age), ASSUMED_VOLUNTARY_PENSION)
    health = np.where(age >= LATE_AGE, 2, np.where(national, 1, 0))
    pension = np.where(working & national, 1, np.where(voluntary, 2, 0))
    return pl.DataFrame(
        {
            "health_insurance": columns.terms(HEALTH_INSURANCES)[health],
            "pension": columns.terms(PENSIONS)[pension],
            "care_insurance": age >= CARE_AGE,
            "child_allowance": _receives(people, age),
            "voter": (identity.nation == 0) & (age >= ADULT) & settled,
        }
    )


def _receives(people: People, age: Ints) -> Bools:
    """Whether each member receives child allowance: the father of a minor in the house, else the mother."""
    source = pool()
    minors = np.flatnonzero(age < ADULT)
    father, mother = (column[people.source[minors]] for column in (source.father, source.mother))
    place = np.where(father != NONE, father, mother)
    receives = np.zeros(len(age), dtype=np.bool_)
    receives[(people.first[people.home[minors]] + place)[place != NONE]] = True
    return receives


def former_name_columns(stream: Stream, people: People, identity: Identity) -> pl.DataFrame:
    """旧氏 of some married women (住基法施行令30条の13), per member."""
    source = pool()
    names = surnames()[0].names
    wife = ~source.male[people.source] & (source.spouse[people.source] != NONE) & (identity.nation == 0)
    young = wife & (source.age[people.source] < CARE_AGE) & ~_unwed()[people.source]
    shown = young & stream.chance("former_name", len(wife), ASSUMED_FORMER_NAME)
    maiden = maiden_names(stream, people)
    fits = shown & (maiden != identity.family)
    return pl.DataFrame({f"former_{column}": columns.texts(names[column], maiden, fits) for column in ("name", "kana")})


def maiden_names(stream: Stream, people: People) -> Ints:
    """The surname that each member bore by birth if it is not the household's, shape ``(n_members,)``."""
    return stream.pick("maiden", len(people.home), surnames()[1])


def entry_columns(stream: Stream, people: People, identity: Identity, since: Ints, eve: int) -> pl.DataFrame:
    """How and from where each member became a resident, and since when at the address."""
    count = len(people.composition)
    born = since == people.birth
    direct = came_directly(stream, people, identity)
    moved_in = np.where(direct, _change("国外転入"), _change("転入"))
    reason = np.where(born, _change("出生"), np.where(found_here(stream, people), _change("職権記載"), moved_in))
    head_since = since[people.first]
    moved = stream.chance("moved_within", count, ASSUMED_MOVED_WITHIN)
    later = head_since + (stream.unit("address_since", count) * np.maximum(eve - head_since, 0)).astype(np.int64)
    at = np.maximum(since, np.where(moved, later, head_since)[people.home])
    return pl.DataFrame(
        {
            "entry": columns.terms(CHANGES)[reason],
            "came_from": columns.texts(origin_texts(), origin_rows(stream, people, direct), ~born),
            "address_since": columns.dates(at),
        }
    )


def found_here(stream: Stream, people: People) -> Bools:
    """Whether each member was not notified but found to live here and entered by the office."""
    found: Bools = stream.chance("ex_officio", len(people.composition), ASSUMED_EX_OFFICIO)[people.home]
    return found


def notes(party: Party) -> pl.Series:
    """備考 of each member; null for most."""
    long = (party.identity.nation > 0) & (party.since < REGISTER_BEGAN)
    text = np.where(long, 1, np.where(party.known > 0, 2, 0))
    return pl.Series("note", [None, *NOTES], dtype=pl.String)[text]


def came_directly(stream: Stream, people: People, identity: Identity) -> Bools:
    """Whether each member came from abroad and not from another municipality."""
    direct = stream.chance("direct", len(people.composition), ASSUMED_DIRECT)
    found: Bools = (identity.nation > 0) & direct[people.home]
    return found


def origin_rows(stream: Stream, people: People, direct: Bools) -> Ints:
    """Where each member's household came from, as a row of `origin_texts`."""
    origin = stream.below("came_from", len(people.composition), PLACES)[people.home]
    return np.where(direct, PLACES + origin % COUNTRIES, origin)


@cache
def origin_texts() -> pl.Series:
    """Addresses elsewhere, then countries, then the municipalities of the nation."""
    near = pl.Series([place.prefecture + place.name for place in MUNICIPALITIES])
    return pl.concat([addresses_elsewhere(), countries(), near])


def origin_of(place: Municipality) -> int:
    """The row of `origin_texts` of a municipality of the nation."""
    return PLACES + COUNTRIES + place_in_nation(place.code)


def _change(reason: str) -> int:
    return CHANGES.categories.to_list().index(reason)


def birth_known(stream: Stream, people: People, identity: Identity) -> tuple[Ints, Ints]:
    """How much of each birth date is known, and the dates with the first day of what is not."""
    source = pool()
    age = source.age[people.source]
    parentless = (source.mother[people.source] == NONE) & (source.father[people.source] == NONE)
    alone = people.size[people.home] == 1
    fits = parentless & alone & ((age > LATE_AGE) | ((identity.nation > 0) & (age >= ADULT)))
    unknown = fits & stream.chance("birth_unknown", len(age), ASSUMED_BIRTH_UNKNOWN)
    known = np.where(unknown, 1 + stream.pick("birth_precision", len(age), ASSUMED_PRECISION), 0)
    days = people.birth.astype("datetime64[D]")
    month, year = (days.astype(f"datetime64[{unit}]").astype("datetime64[D]").astype(np.int64) for unit in "MY")
    return known, np.where(known == 0, people.birth, np.where(known == 1, month, year))


def birth_columns(known: Ints, birth: Ints) -> dict[str, pl.Series]:
    """The columns of `birth_known`."""
    return {
        "birth_date": columns.dates(birth),
        "birth_known": columns.terms(BIRTH_KNOWN)[known],
    }
