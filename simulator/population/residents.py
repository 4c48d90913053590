"""The tables ``resident`` and ``household`` of a block: those present at first, those who come, those who are born."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.population import columns, details
from simulator.population.bridge import Guests
from simulator.population.details import Setting
from simulator.population.homes import Homes
from simulator.population.identity import Identity, name_columns
from simulator.population.ledger import Ledger
from simulator.population.party import Party
from simulator.population.pool import Bools, kind_number, pool, relationship_number
from simulator.population.spec import BLOCK_NUMBERS
from simulator.schema.people import (
    BIRTH_KNOWN,
    CHANGES,
    HEALTH_INSURANCES,
    HOUSEHOLD_KINDS,
    PENSIONS,
    RELATIONSHIPS,
    SEX,
)
from simulator.streams import Ints, Words
from simulator.world.calendar import epoch_day, years_on
from simulator.world.numbers import NumberEmitter, serial_numbers

NEWCOMER_NUMBERS, NEWBORN_NUMBERS = BLOCK_NUMBERS // 2, BLOCK_NUMBERS * 3 // 4
VOTER_DAYS = 91  # Source: 公職選挙法21条: three months in the register


@dataclass(frozen=True, slots=True)
class Newborns:
    """Children born in the window: mother's member number, boy or girl, given name, days of birth and notice."""

    mother: Ints
    male: Bools
    given: Ints
    birth: Ints
    notice: Ints


@dataclass(frozen=True, slots=True)
class Draft:
    """A block in the making.

    Attributes:
        setting: where and when.
        present, newcomers: those here at first, and those who come.
        columns: the columns of those present.
        newborns: born in the window.
        homes, newcomer_homes: addresses.
        arrival: day of moving in and of notice, per household of the newcomers.
        ledger: the changes.
        guests: who comes from the partner's block, numbered after all others.
    """

    setting: Setting
    present: Party
    newcomers: Party
    columns: pl.DataFrame
    newborns: Newborns
    homes: Homes
    newcomer_homes: Ints
    arrival: tuple[Ints, Ints]
    ledger: Ledger
    guests: Guests | None

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many are present, come, and are born."""
        return len(self.present.people.home), len(self.newcomers.people.home), len(self.newborns.mother)


def resident_table(draft: Draft, first_number: int, emitter: NumberEmitter, used: int = 0) -> pl.DataFrame:
    """Table ``resident`` with local numbers; `first_number` is the block's place in the numbering of the nation.

    `used` is how many newcomers and newborn the block has had before, whose numbers are taken.
    """
    count = len(draft.present.people.composition)
    names = name_columns(draft.newcomers.identity)
    arrived = party_columns(draft.newcomers, draft.newcomer_homes, names, draft.setting, count)
    everyone = pl.concat([draft.columns, arrived, _born(draft, draft.columns)])
    local = local_numbers(draft.counts, used)
    nation = local + np.uint64(first_number)
    if draft.guests is not None:
        everyone = pl.concat([everyone, draft.guests.residents.select(everyone.columns)])
        own = np.arange(len(draft.guests.home)) + NEWCOMER_NUMBERS + draft.counts[1]
        local = np.concatenate([local, own.astype(np.uint64)])
        nation = np.concatenate([nation, draft.guests.ordinals.astype(np.uint64)])
    return everyone.with_columns(
        resident_no=pl.Series(np.arange(everyone.height, dtype=np.uint32)),
        resident_code=emitter.resident_codes(nation),
        my_number=emitter.my_numbers(nation),
        resident_ref=serial_numbers(local + np.uint64(draft.setting.block * BLOCK_NUMBERS)),
    )


def local_numbers(counts: tuple[int, int, int], used: int = 0) -> Words:
    """Numbers in the block of those present, those who come and those who are born, each with room to grow."""
    parts = zip(counts, (0, NEWCOMER_NUMBERS + used, NEWBORN_NUMBERS + used), strict=True)
    return np.concatenate([np.arange(size) + base for size, base in parts]).astype(np.uint64)


def _date(days: Ints) -> pl.Series:
    return columns.dates(days)


def party_columns(
    party: Party, homes: Ints, names: pl.DataFrame, setting: Setting, first_household: int = 0
) -> pl.DataFrame:
    """The columns of a party but for the numbers; `homes` are the addresses of its households."""
    source, people = pool(), party.people
    about = (party.stream, people, party.identity)
    settled = party.since <= epoch_day(setting.eve) - VOTER_DAYS
    own = {
        "household_no": pl.Series((people.home + first_household).astype(np.uint32)),
        "address_no": pl.Series(homes[people.home].astype(np.uint32)),
        "sex": columns.terms(SEX)[1 - source.male[people.source]],
        "relationship": relationship_texts(source.relationship[people.source]),
        "resident_since": _date(party.since),
        **details.birth_columns(party.known, people.birth),
    }
    age = years_on(setting.eve, people.birth)
    parts = (
        names,
        pl.DataFrame(own),
        details.registry_columns(*about, setting),
        details.insurance_columns(party, age, settled),
        details.former_name_columns(*about),
        details.entry_columns(*about, party.since, epoch_day(setting.eve)),
        details.notes(party).to_frame(),
    )
    return pl.DataFrame([column for part in parts for column in part.get_columns()])


def relationship_texts(numbers: Ints) -> pl.Series:
    """続柄 of their numbers."""
    return columns.terms(RELATIONSHIPS)[numbers].alias("relationship")


def _born(draft: Draft, present: pl.DataFrame) -> pl.DataFrame:
    """Newborn residents: the household's surname and register, the mother's nationality."""
    people, identity, babies = draft.present.people, draft.present.identity, draft.newborns
    head = people.first[people.home[babies.mother]]
    abroad = identity.nation[babies.mother]
    given = np.where(abroad > 0, identity.given[babies.mother], babies.given)
    own = name_columns(Identity(identity.family[head], given, abroad))
    count = len(head)
    fixed: dict[str, pl.Series | pl.Expr] = {
        "sex": columns.terms(SEX)[1 - babies.male],
        "relationship": relationship_texts(np.full(count, relationship_number("子"))),
        "birth_date": _date(babies.birth), "resident_since": _date(babies.birth), "address_since": _date(babies.birth),
        "birth_known": columns.terms(BIRTH_KNOWN)[np.zeros(count, dtype=np.int64)],
        "entry": pl.lit("出生", CHANGES),
        "pension": pl.lit("なし", PENSIONS),
        **{name: pl.lit(value=False) for name in ("care_insurance", "child_allowance", "voter")},
        **{name: pl.lit(None, pl.String) for name in ("former_name", "former_kana", "came_from", "note")},
    }  # fmt: skip
    health = (
        pl.when(pl.col("health_insurance") == "国民健康保険").then(pl.lit("国民健康保険")).otherwise(pl.lit("その他"))
    )
    like = present[babies.mother].with_columns(health_insurance=health.cast(HEALTH_INSURANCES))
    return like.with_columns(*own.get_columns(), **fixed).select(present.columns)


def household_table(draft: Draft) -> pl.DataFrame:
    """Table ``household`` with local numbers."""
    people, newcomers, ledger = draft.present.people, draft.newcomers.people, draft.ledger
    founded = ledger.founded
    single = [np.full(len(numbers), kind_number(kind)) for numbers, _, _, kind in founded]
    kinds = [pool().kind[people.composition], pool().kind[newcomers.composition], *single]
    addresses = [draft.homes.of, draft.newcomer_homes, *(part[1] for part in founded)]
    heads = [people.first, newcomers.first + len(people.home), *(part[2] for part in founded)]
    number = np.concatenate(heads)
    size = np.zeros(len(number), dtype=np.uint16)
    size[: len(people.composition)] = people.size
    serial = np.arange(len(number), dtype=np.uint64) + np.uint64(draft.setting.block * BLOCK_NUMBERS)
    return pl.DataFrame(
        {
            "household_no": np.arange(len(number), dtype=np.uint32),
            "address_no": np.concatenate(addresses).astype(np.uint32),
            "head": number.astype(np.uint32),
            "kind": columns.terms(HOUSEHOLD_KINDS)[np.concatenate(kinds)], "size": size,
            "household_ref": serial_numbers(serial),
        }
    )  # fmt: skip
