"""Where households live: towns of a block, houses, apartment buildings with rooms, and homes for groups."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from simulator.population.columns import numbers, terms
from simulator.population.kinship import Kinship
from simulator.population.people import People
from simulator.population.pool import kind_number, pool
from simulator.population.spec import BLOCK_HOUSEHOLDS
from simulator.schema.people import DWELLINGS
from simulator.streams import Ints, Stream, Weights, Words
from simulator.world.folding import fold_address
from simulator.world.municipality import Municipality
from simulator.world.towns import TOWNS_PER_DISTRICT, town_names

HOUSE, APARTMENT, CARE, DORMITORY, HOSPITAL = range(5)
ASSUMED_VACANT = 12  # one vacant home for this many households (13.6 % of homes stood empty in 2018, many unfit)
ASSUMED_TOGETHER = 0.12  # of grown children with parents nearby and both in houses: two households in one house
ASSUMED_CENTRE = 3  # the town hall's district has this many times the homes of the others' share
# ASSUMED share of households in apartment buildings by kind of household, in the order of the kinds.
ASSUMED_APARTMENTS = {"single": 0.62, "couple": 0.33, "couple_children": 0.36, "lone_parent": 0.5,
                      "three_generations": 0.02, "other": 0.3, "institution": 0.0}  # fmt: skip
CAPACITIES = (4, 6, 8, 10, 12, 20, 30, 48)
ASSUMED_CAPACITY_WEIGHTS = (12, 18, 20, 12, 10, 8, 4, 2)
ROOMS_PER_FLOOR = (2, 3, 4, 5, 4, 5, 6, 8)
MAX_BUILDINGS = 128
HOUSES_PER_BLOCK = 14
HOME_SIZES = (80, 60, 50)  # ASSUMED residents of a care home, a dormitory, a hospital or welfare home
_PREFIXES = (
    "コーポ",
    "ハイツ",
    "メゾン",
    "レジデンス",
    "グリーンハイツ",
    "サンハイム",
    "パークサイド",
    "リバーサイド",
    "ヴィラ",
    "市営住宅",
)
_HOMES = {CARE: "特別養護老人ホーム{}苑", DORMITORY: "{}学生寮", HOSPITAL: "{}ホーム"}
_STEMS = (
    "ひまわり",
    "さくら",
    "あおぞら",
    "わかば",
    "やまびこ",
    "みどり",
    "すずらん",
    "こもれび",
    "せせらぎ",
    "なぎさ",
)


@dataclass(frozen=True, slots=True)
class HomePlan:
    """Whose homes: the stream, municipality and number of the block."""

    stream: Stream
    place: Municipality
    block: int


@dataclass(frozen=True, slots=True)
class Homes:
    """Addresses of a block.

    Attributes:
        table: table ``address`` with local numbers.
        of: the address of each household.
        spare: how many addresses at the end stand empty at first.
        parents: for each household, the household of the head's parents if both live in one house; else −1.
    """

    table: pl.DataFrame
    of: Ints
    spare: int
    parents: Ints


def draw_homes(plan: HomePlan, people: People, kin: Kinship, wanted: int) -> Homes:
    """Homes for `people` and `wanted` more, and some that stay empty.

    Address i is household i's own home; some grown children keep house at their parents' and leave theirs empty.
    """
    stream, place, block = plan.stream, plan.place, plan.block
    count = len(people.composition)
    spare = wanted + count // ASSUMED_VACANT + 1
    dwelling = np.concatenate([_dwellings(stream, people), _spare_dwellings(stream, spare)])
    town = _towns(stream, dwelling, place.district_count)
    table = _table(stream, dwelling, town, place, block)
    parents = _together(stream, people, kin, dwelling)
    return Homes(table, np.where(parents >= 0, parents, np.arange(count)), spare, parents)


def _together(stream: Stream, people: People, kin: Kinship, dwelling: Ints) -> Ints:
    """For each household that of the head's parents, if they live in one house; else −1."""
    parents = np.full(len(people.composition), -1)
    child, parent = people.home[kin.child], people.home[kin.mother]
    shared = stream.chance("together", len(parents), ASSUMED_TOGETHER)[child]
    fits = shared & (dwelling[child] == HOUSE) & (dwelling[parent] == HOUSE)
    parents[child[fits]] = parent[fits]
    chained = (parents >= 0) & (parents[np.maximum(parents, 0)] >= 0)
    return np.where(chained, -1, parents)


def along(table: pl.DataFrame) -> tuple[Ints, Ints]:
    """A number for each address that those of one block of houses or one building share, and the order along them."""
    town = table["town"].rank("dense")
    flat = table["dwelling"].to_physical().to_numpy() != HOUSE
    block, lot = (table[name].cast(pl.Int64).to_numpy() for name in ("block", "lot"))
    street = (town.to_numpy().astype(np.int64) * 2 + flat) * 1_000_000 + block * 1_000 + np.where(flat, lot, 0)
    room = table["room"].cast(pl.Int64).fill_null(0).to_numpy()
    return street, np.lexsort((np.where(flat, room, lot), street))


def _dwellings(stream: Stream, people: People) -> Ints:
    kind = pool().kind[people.composition]
    shares = np.array([ASSUMED_APARTMENTS[name] for name in ASSUMED_APARTMENTS])
    flat = stream.chance("apartment", len(kind), shares[kind])
    age = pool().age[people.source[people.first]]
    home = np.where(age >= 65, CARE, np.where((age >= 18) & (age < 25), DORMITORY, HOSPITAL))  # noqa: PLR2004
    return np.where(kind == kind_number("institution"), home, np.where(flat, APARTMENT, HOUSE))


def _spare_dwellings(stream: Stream, count: int) -> Ints:
    return np.where(stream.chance("spare_apartment", count, 0.6), APARTMENT, HOUSE)


def _towns(stream: Stream, dwelling: Ints, districts: int) -> Ints:
    """The town (of the block) of each home; homes for groups gather in one town each."""
    weights = Weights.of([ASSUMED_CENTRE] + [1 + d % 2 for d in range(1, districts)])
    district = stream.pick("district", len(dwelling), weights)
    town = district * TOWNS_PER_DISTRICT + stream.below("town", len(dwelling), TOWNS_PER_DISTRICT)
    for kind, size in zip((CARE, DORMITORY, HOSPITAL), HOME_SIZES, strict=True):
        rows = np.flatnonzero(dwelling == kind)
        number = np.arange(len(rows)) // size
        homes = stream.below(f"home_town_{kind}", BLOCK_HOUSEHOLDS, districts * TOWNS_PER_DISTRICT)
        town[rows] = homes[number]
    return town


def _ranks(groups: Ints) -> Ints:
    """The rank of each row among those of its group, in order."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.append(starts, len(groups)))
    ranks = np.empty(len(groups), dtype=np.int64)
    ranks[order] = np.arange(len(groups)) - np.repeat(starts, lengths)
    return ranks


def _apartments(stream: Stream, town: Ints, rank: Ints, towns: int) -> tuple[Ints, Ints]:
    """Building in the town and room number of each apartment."""
    which = stream.pick("capacity", towns * MAX_BUILDINGS, Weights.of(ASSUMED_CAPACITY_WEIGHTS)).reshape(towns, -1)
    sizes = np.array(CAPACITIES)[which]
    ends = np.cumsum(sizes, axis=1)
    step = int(ends.max()) + 1
    building = np.searchsorted((ends + np.arange(towns)[:, None] * step).ravel(), rank + town * step, side="right")
    building -= town * MAX_BUILDINGS
    inside = rank - (ends - sizes)[town, building]
    floor = np.array(ROOMS_PER_FLOOR)[which[town, building]]
    return building, (inside // floor + 1) * 100 + inside % floor + 1


def _table(stream: Stream, dwelling: Ints, town: Ints, place: Municipality, block: int) -> pl.DataFrame:
    towns = place.district_count * TOWNS_PER_DISTRICT
    rank = _ranks(town * 5 + dwelling)
    flat = dwelling == APARTMENT
    group = dwelling > APARTMENT
    building, room = np.zeros(len(town), dtype=np.int64), rank + 101
    building[flat], room[flat] = _apartments(stream, town[flat], rank[flat], towns)
    number = np.where(dwelling == HOUSE, rank // HOUSES_PER_BLOCK * 2 + 1, building * 2 + 2)
    number = np.where(group, 200 + dwelling * 2, number)
    lot = np.where(dwelling == HOUSE, rank % HOUSES_PER_BLOCK + 1, building % 7 + 1)
    words = stream.bits("building_name", towns * (MAX_BUILDINGS + 5))
    named = words[town * (MAX_BUILDINGS + 5) + np.where(group, MAX_BUILDINGS + dwelling, building)]
    title = _titles()[_title_rows(dwelling, named)]
    table = _columns(place, block, (town, number, lot), (title, np.where(dwelling == HOUSE, 0, room)))
    return table.with_columns(terms(DWELLINGS)[dwelling].alias("dwelling"))


def _title_rows(dwelling: Ints, words: Words) -> Ints:
    count = len(_STEMS)
    stem = (words % np.uint64(count)).astype(np.int64)
    prefix = (words // np.uint64(count) % np.uint64(len(_PREFIXES))).astype(np.int64)
    return np.where(
        dwelling == HOUSE,
        0,
        1 + (np.where(dwelling == APARTMENT, prefix, len(_PREFIXES) + dwelling - CARE) * count + stem),
    )


@cache
def _titles() -> pl.DataFrame:
    """Names of buildings with their folded form; row 0 is none."""
    forms = [f"{prefix}{{}}" for prefix in _PREFIXES] + [_HOMES[kind] for kind in (CARE, DORMITORY, HOSPITAL)]
    names = [form.format(stem) for form in forms for stem in _STEMS]
    return pl.DataFrame({"building": [None, *names], "key": [None, *(fold_address(name) for name in names)]})


def _columns(
    place: Municipality, block: int, where: tuple[Ints, Ints, Ints], what: tuple[pl.DataFrame, Ints]
) -> pl.DataFrame:
    towns = town_names(place, block)
    town, number, lot = where
    title, room = what
    frame = pl.DataFrame(
        {
            "address_no": np.arange(len(town), dtype=np.uint32),
            "district": (town // TOWNS_PER_DISTRICT).astype(np.uint8),
            "town": towns["town"][town], "town_key": towns["key"][town], "postal_code": towns["postal_code"][town],
            "block": number + towns["base"].to_numpy()[town], "lot": lot,
            "building": title["building"], "building_key": title["key"],
            "room": numbers(room, room > 0).cast(pl.String),
        }
    )  # fmt: skip
    block_text, lot_text = pl.col("block").cast(pl.String), pl.col("lot").cast(pl.String)
    inside = pl.col("building") + pl.col("room") + "号室"
    inside_key = "-" + pl.col("building_key") + pl.col("room")
    return frame.with_columns(
        address=pl.concat_str("town", block_text, pl.lit("番"), lot_text, pl.lit("号"))
        + pl.when(pl.col("building").is_null()).then(pl.lit("")).otherwise(pl.lit(" ") + inside),
        address_key=pl.concat_str("town_key", block_text, pl.lit("-"), lot_text)
        + pl.when(pl.col("building").is_null()).then(pl.lit("")).otherwise(inside_key),
    ).drop("town_key", "building_key")
