"""Any one resident of any municipality, from (seed, municipality, block) alone: nothing else of the nation is made.

Finding the block takes counting the blocks before it, which makes no person; then that one block is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population.block import Block, make_block
from simulator.population.build import TABLES
from simulator.population.mix import Profile, mix
from simulator.population.plan import Plan, block_stream, profile_of
from simulator.population.pool import pool
from simulator.population.spec import BLOCK_HOUSEHOLDS, BLOCK_NUMBERS, PopulationSpec
from simulator.schema.people import ADDRESS, HOUSEHOLD, RESIDENT
from simulator.schema.types import Table
from simulator.streams import Ints, Stream, Words
from simulator.world.check_digits import CODE_WIDTH
from simulator.world.municipality import MUNICIPALITIES, Municipality, municipality
from simulator.world.numbers import CheckDigits, NumberEmitter

NAME = pl.col("family_name") + " " + pl.col("given_name")
_TITLES = {"name": "氏名", "kana": "氏名カナ", "address": "住所", "relation": "関係"}
_MEMBER = ("resident_no", "relationship", "name", "kana", "sex", "birth_date")


@dataclass(frozen=True, slots=True)
class Nation:
    """What every resident follows from.

    Attributes:
        spec: of each municipality.
        window: days in which things happen.
        stream: randomness of the run.
    """

    spec: PopulationSpec
    window: Window
    stream: Stream

    def find(self, code: str | None, index: int | None, resident_code: str | None) -> "Entry":
        """The resident number `index` of the municipality `code`, or the one who bears `resident_code`.

        Raises:
            UsageError: neither or both are given, or there is nobody.
            UnknownNameError: there is no such municipality.
        """
        if resident_code is not None and code is None and index is None:
            return self.holder(resident_code)
        if resident_code is not None or code is None or index is None:
            raise UsageError("give a municipality and an index, or a resident code instead of both")
        return self.resident(municipality(code), index)

    def resident(self, place: Municipality, index: int) -> "Entry":
        """The resident number `index` (from 0) of `place` among those present when the window begins.

        Raises:
            UsageError: there are not so many.
        """
        plan, row = self._locate(place, index)
        return _entry(plan, row)

    def holder(self, resident_code: str) -> "Entry":
        """The resident who bears `resident_code`: the codes are a permutation, so the code alone tells the block.

        Raises:
            UsageError: nobody of the nation bears it.
        """
        if len(resident_code) != CODE_WIDTH or not (resident_code.isascii() and resident_code.isdigit()):
            msg = f"a resident code has {CODE_WIDTH} digits; the one given has {len(resident_code)} characters"
            raise UsageError(msg)
        ordinal = self._emitter.ordinal_of(resident_code)
        number = ordinal // BLOCK_NUMBERS
        for place in MUNICIPALITIES:
            if place.first_block <= number < place.first_block + place.block_capacity:
                return self._holder(place, number - place.first_block, resident_code)
        msg = "nobody of the nation bears this resident code; give the seed that it was made with"
        raise UsageError(msg)

    @property
    def _emitter(self) -> NumberEmitter:
        return NumberEmitter.of(self.stream.at("numbers"), CheckDigits(self.spec.check_digits))

    def _holder(self, place: Municipality, number: int, resident_code: str) -> "Entry":
        for plan in self._plans(place):
            if plan.number == number:
                found = make_block(plan).residents["resident_code"].index_of(resident_code)
                if found is not None:
                    return _entry(plan, found)
        msg = f"nobody of {place.name} bears this resident code; give the seed and size the code was made with"
        raise UsageError(msg)

    def _plans(self, place: Municipality) -> Iterator[Plan]:
        """The blocks of `place` that `spec.residents` need, counted only."""
        missing, profile = self.spec.residents, profile_of(self.spec, place)
        for number in range(place.block_capacity):
            if missing <= 0:
                return
            source = block_stream(self.stream, place, number)
            count = block_size(source, profile)
            households = BLOCK_HOUSEHOLDS if count < missing else _households(source, profile, missing)
            yield Plan(self.spec, self.spec.placed(place), self.window, self.stream, number, households)
            missing -= count

    def _locate(self, place: Municipality, index: int) -> tuple[Plan, int]:
        before = 0
        for plan in self._plans(place):
            size = block_size(plan.here, plan.profile) if plan.households == BLOCK_HOUSEHOLDS else _members(plan)
            if index < before + size:
                return plan, index - before
            before += size
        msg = f"{place.name} has {before:,} residents here; give an index from 0 to {before - 1}"
        raise UsageError(msg)


@cache
def _steps(profile: Profile) -> tuple[Words, Ints]:
    """Where the pool's household size changes on the scale of the draws, and the sizes: far fewer than compositions."""
    sizes = pool().size
    last = np.append(np.flatnonzero(np.diff(sizes)), len(sizes) - 1)
    return mix(profile).present.thresholds[last], sizes[last]


def block_size(block: Stream, profile: Profile = "national") -> int:
    """How many residents the full block of the stream `block` begins with, without making them."""
    ends, sizes = _steps(profile)
    words = block.bits("composition", BLOCK_HOUSEHOLDS) >> np.uint64(11)
    return int((np.bincount(np.searchsorted(ends, words, side="right"), minlength=len(sizes)) * sizes).sum())


def _sizes(block: Stream, profile: Profile) -> Ints:
    return pool().size[block.pick("composition", BLOCK_HOUSEHOLDS, mix(profile).present)]


def _households(block: Stream, profile: Profile, residents: int) -> int:
    """How many households of the block hold `residents`."""
    return min(int(np.searchsorted(np.cumsum(_sizes(block, profile)), residents)) + 1, BLOCK_HOUSEHOLDS)


def _members(plan: Plan) -> int:
    return int(_sizes(plan.here, plan.profile)[: plan.households].sum())


@dataclass(frozen=True, slots=True)
class Entry:
    """One resident with everything that the block knows of them.

    Attributes:
        municipality: where.
        block: number of the block.
        block_residents: how many people were made to answer.
        parts: by name (resident, address, household, members, kin, then each further table of the population),
            rows as dictionaries.
    """

    municipality: Municipality
    block: int
    block_residents: int
    parts: dict[str, list[dict[str, Any]]]

    @property
    def words(self) -> str:
        """Where the resident is, and what it took."""
        name = f"{self.municipality.name} ({self.municipality.code})"
        return f"block {self.block} of {name}: {self.block_residents:,} people were made to answer, nobody else"

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row per item, for a table: part, its row, item in both languages, value; empty values are left out."""
        for part, rows in self.parts.items():
            for number, row in enumerate(rows, 1):
                for item, value in row.items():
                    if value is not None:
                        yield {"part": part, "row": number, "項目": _title(part, item), "item": item, "value": value}


def _title(part: str, item: str) -> str:
    """The Japanese title of an item: the schema's, or that of a column made here."""
    known = {t.name: t for t in TABLES.values()}.get(part)
    if known is not None and item in known.names:
        return known[item].ja
    return _TITLES.get(item) or RESIDENT[item].ja


def _entry(plan: Plan, row: int) -> Entry:
    block = make_block(plan)
    person = block.residents[row]
    home, where = person["household_no"][0], person["address_no"][0]
    parts = {
        "resident": _plain(RESIDENT, person),
        "address": _plain(ADDRESS, block.addresses.filter(pl.col("address_no") == where)),
        "household": _plain(HOUSEHOLD, block.households.filter(pl.col("household_no") == home)),
        "members": _members_of(block, home),
        "kin": _kin(block, row),
        **{name: rows for name, rows in _further(block, row) if rows},
    }
    return Entry(plan.place, plan.number, block.residents.height, parts)


def _plain(table: Table, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows in the order of `table`, without keys that serve searching only."""
    return table.conform(frame).drop("name_key", "kana_key", "address_key", strict=False).to_dicts()


def _named(residents: pl.DataFrame) -> pl.DataFrame:
    return residents.with_columns(name=NAME, kana=pl.col("family_kana") + " " + pl.col("given_kana"))


def _members_of(block: Block, home: int) -> list[dict[str, Any]]:
    return _named(block.residents.filter(pl.col("household_no") == home)).select(_MEMBER).to_dicts()


def _kin(block: Block, row: int) -> list[dict[str, Any]]:
    """Who is what to the resident beyond the household."""
    theirs = block.relations.filter(pl.col("other_no") == row).select("resident_no", "relation")
    mine = block.relations.filter((pl.col("resident_no") == row) & (pl.col("relation") == "parent"))
    children = mine.select(resident_no="other_no", relation=pl.lit("child"))
    both = pl.concat([theirs.with_columns(pl.col("relation").cast(pl.String)), children])
    homes = block.addresses.select("address_no", "address")
    found = both.join(_named(block.residents), on="resident_no", maintain_order="left").join(homes, on="address_no")
    return found.select("relation", "resident_no", "name", "kana", "birth_date", "address").to_dicts()


def _further(block: Block, row: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows of the other tables that concern the resident, addresses in words."""
    known = {"residents", "households", "addresses", "relations"}
    for part in fields(Block):
        frame: pl.DataFrame = getattr(block, part.name)
        if part.name in known or "resident_no" not in frame.columns:
            continue
        rows = frame.filter(pl.col("resident_no") == row).drop("resident_no")
        yield TABLES[part.name].name, _worded(rows, block).to_dicts()


def _worded(rows: pl.DataFrame, block: Block) -> pl.DataFrame:
    """Row numbers of addresses replaced by the addresses."""
    texts = block.addresses["address"]
    columns = [c for c in rows.columns if c.startswith("address_") and rows[c].dtype.is_integer()]
    return rows.with_columns(texts.gather(rows[c]).alias(c) for c in columns)
