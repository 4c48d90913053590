"""One block of a municipality: a pure function of the seed, the municipality and its number."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import stories
from simulator.population.changes import Scene, play, wanted_addresses
from simulator.population.days import BIRTH_NOTICE_DAYS, MOVE_NOTICE_DAYS, OfficeDays, office_days
from simulator.population.homes import Homes, draw_homes
from simulator.population.identity import Identity, draw_identity, name_columns
from simulator.population.kinship import Kinship, draw_kinship
from simulator.population.ledger import NOWHERE, Ledger
from simulator.population.people import People, draw_people
from simulator.population.pool import kind_number, pool, relationship_number
from simulator.population.rates import rates
from simulator.population.spec import BLOCK_HOUSEHOLDS, BLOCK_NUMBERS, PopulationSpec
from simulator.population.stories import Cast, draw_cast
from simulator.population.ties import Names, draw_former_spouses, figures, protections, relations
from simulator.schema.people import HOUSEHOLD_KINDS, RELATIONSHIPS
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day
from simulator.world.given_names import given_names
from simulator.world.municipality import Municipality
from simulator.world.numbers import CheckDigits, NumberEmitter

NEWCOMER_NUMBERS, NEWBORN_NUMBERS = BLOCK_NUMBERS // 2, BLOCK_NUMBERS * 3 // 4
ASSUMED_NATIVE = 0.4  # share of household heads who have lived here since birth
MALE_BIRTHS = 0.513  # Source: 人口動態統計, about 105 boys to 100 girls


@dataclass(frozen=True, slots=True)
class Block:
    """Tables of one block with local row numbers from 0. Attributes as of `Population`."""

    residents: pl.DataFrame
    households: pl.DataFrame
    addresses: pl.DataFrame
    changes: pl.DataFrame
    protections: pl.DataFrame
    relations: pl.DataFrame
    figures: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and when a block is made.

    Attributes:
        spec, place, window: as given to `build`.
        stream: of the population.
        number: of the block.
        households: how many of its households are wanted.
    """

    spec: PopulationSpec
    place: Municipality
    window: Window
    stream: Stream
    number: int
    households: int = BLOCK_HOUSEHOLDS

    @property
    def here(self) -> Stream:
        """The stream of the block."""
        return block_stream(self.stream, self.place, self.number)

    @property
    def eve(self) -> date:
        """The day before the window: ages are as of it, so that nobody present is born in the window."""
        return self.window.start - timedelta(days=1)

    @property
    def days(self) -> OfficeDays | None:
        """Office days of the window."""
        return office_days(self.window)


def block_stream(stream: Stream, place: Municipality, number: int) -> Stream:
    """The stream of block `number` of `place`."""
    return stream.at("population", place.code, "block", number)


@dataclass(frozen=True, slots=True)
class Newborns:
    """Children born in the window: mother's member number, boy or girl, given name, days of birth and notice."""

    mother: Ints
    male: np.ndarray
    given: Ints
    birth: Ints
    notice: Ints


@dataclass(frozen=True, slots=True)
class Draft:
    """A block in the making: those present at first, those who come, those who are born, homes and changes."""

    people: People
    kin: Kinship
    identity: Identity
    newcomers: People
    newcomer_identity: Identity
    newborns: Newborns
    homes: Homes
    ledger: Ledger
    newcomer_homes: Ints
    arrival: tuple[Ints, Ints]


def make_block(plan: Plan) -> Block:
    """The tables of one block."""
    stream = plan.here
    people = draw_people(stream, plan.households, pool().chosen, plan.eve)
    if len(people.home) > NEWCOMER_NUMBERS:
        msg = f"block {plan.number} has more than {NEWCOMER_NUMBERS} residents"
        raise UsageError(msg)
    kin = draw_kinship(stream, people)
    identity = draw_identity(stream, people, kin.surname_of)
    cast = draw_cast(stream, people, plan.window, open_days=plan.days is not None)
    homes = draw_homes(stream, people, plan.place, plan.number, wanted_addresses(cast))
    draft = _unfold(plan, (people, kin, identity), cast, homes)
    names = name_columns(identity)
    former = draw_former_spouses(stream, people)
    named = Names(names["family_name"], names["given_name"])
    return Block(
        _residents(plan, draft, names),
        _households(draft),
        homes.table,
        _changes(draft),
        protections(stream, people, plan.window, former, named),
        relations(stream, people, _japanese(kin, identity), former),
        figures(stream, people, plan.window),
    )


def _unfold(plan: Plan, present: tuple[People, Kinship, Identity], cast: Cast, homes: Homes) -> Draft:
    """Let the stories happen."""
    people, kin, identity = present
    stream, count = plan.here, len(people.composition)
    newcomers = draw_people(stream.at("newcomers"), cast.arrivals, rates().arriving, plan.eve)
    own = draw_identity(stream.at("newcomers"), newcomers, np.arange(cast.arrivals))
    ledger = Ledger(count + cast.arrivals, count)
    newcomer_homes = ledger.addresses(cast.arrivals)
    days = plan.days
    nobody = np.zeros(0, dtype=np.int64)
    if days is None:
        newborns = Newborns(nobody, nobody == 1, nobody, nobody, nobody)
        return Draft(people, kin, identity, newcomers, own, newborns, homes, ledger, newcomer_homes, (nobody, nobody))
    notices = days.notices(stream, "in_notice", cast.arrivals, seasonal=True)
    arrival = days.before(stream, "in_day", notices, MOVE_NOTICE_DAYS), notices
    play(Scene(stream, people, homes.of, cast, days, ledger))
    newborns = _newborns(stream, people, cast, days)
    return Draft(people, kin, identity, newcomers, own, newborns, homes, ledger, newcomer_homes, arrival)


def _newborns(stream: Stream, people: People, cast: Cast, days: OfficeDays) -> Newborns:
    households = cast.households(stories.BIRTH)
    head = people.first[households]
    mother = np.where(pool().male[people.source[head]], head + 1, head)
    notices = days.notices(stream, "birth_notice", len(mother), seasonal=False)
    birth = days.before(stream, "birth_day", notices, BIRTH_NOTICE_DAYS)
    male = stream.chance("newborn_sex", len(mother), MALE_BIRTHS)
    years = birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return Newborns(mother, male, given_names().draw(stream, "newborn_given", male, years), birth, notices)


def _japanese(kin: Kinship, identity: Identity) -> Kinship:
    """Links between Japanese only: nationality is drawn by household."""
    fits = (identity.nation[kin.child] == 0) & (identity.nation[kin.mother] == 0)
    return Kinship(kin.child[fits], kin.mother[fits], kin.father[fits], kin.surname_of)


def _residents(plan: Plan, draft: Draft, names: pl.DataFrame) -> pl.DataFrame:
    count = len(draft.people.composition)
    present = _present(draft.people, draft.homes.of, names).with_columns(
        _date(_since(plan, draft.people), "resident_since")
    )
    arrived = _present(draft.newcomers, draft.newcomer_homes, name_columns(draft.newcomer_identity), count)
    day = draft.arrival[0][draft.newcomers.home] if len(draft.newcomers.home) else draft.newcomers.home
    arrived = arrived.with_columns(_date(day, "resident_since"))
    born = _born(draft, names)
    everyone = pl.concat([present, arrived, born])
    parts = (present.height, 0), (arrived.height, NEWCOMER_NUMBERS), (born.height, NEWBORN_NUMBERS)
    local = np.concatenate([np.arange(size) + base for size, base in parts]).astype(np.uint64)
    ordinals = local + np.uint64((plan.place.first_block + plan.number) * BLOCK_NUMBERS)
    emitter = NumberEmitter.of(plan.stream.at("numbers"), CheckDigits(plan.spec.check_digits))
    return everyone.with_columns(
        resident_no=pl.Series(np.arange(everyone.height, dtype=np.uint32)),
        resident_code=emitter.resident_codes(ordinals),
        my_number=emitter.my_numbers(ordinals),
    )


def _date(days: Ints, name: str) -> pl.Series:
    return pl.Series(name, days.astype(np.int32)).cast(pl.Date)


def _present(people: People, homes: Ints, names: pl.DataFrame, first_household: int = 0) -> pl.DataFrame:
    source = pool()
    sex = pl.Series("sex", ["female", "male"])[source.male[people.source].astype(np.int64)]
    return names.with_columns(
        pl.Series("household_no", (people.home + first_household).astype(np.uint32)),
        pl.Series("address_no", homes[people.home].astype(np.uint32)),
        sex,
        _date(people.birth, "birth_date"),
        relationship_texts(source.relationship[people.source]),
    )


def relationship_texts(numbers: Ints) -> pl.Series:
    """続柄 of their numbers."""
    return pl.Series("relationship", numbers.astype(np.uint8)).cat.to(RELATIONSHIPS)


def _since(plan: Plan, people: People) -> Ints:
    """When each became a resident: with the head's household, or at birth."""
    count = len(people.composition)
    start = epoch_day(plan.window.start) - 1
    head = people.birth[people.first]
    native = plan.here.chance("native", count, ASSUMED_NATIVE)
    adult = np.maximum(1, start - head - 18 * 365)
    came = start - (plan.here.unit("tenure", count) * plan.here.unit("tenure_again", count) * adult).astype(np.int64)
    return np.maximum(people.birth, np.where(native, head, came)[people.home])


def _born(draft: Draft, names: pl.DataFrame) -> pl.DataFrame:
    """Newborn residents: the household's surname, the mother's nationality."""
    people, babies = draft.people, draft.newborns
    home = people.home[babies.mother]
    head = people.first[home]
    identity = Identity(draft.identity.family[head], babies.given, np.zeros(len(head), dtype=np.int64))
    abroad = draft.identity.nation[babies.mother]
    foreign = draft.identity.given[babies.mother]
    given = np.where(abroad > 0, foreign, identity.given)
    frame = name_columns(Identity(identity.family, given, abroad))
    return frame.with_columns(
        pl.Series("household_no", home.astype(np.uint32)),
        pl.Series("address_no", draft.homes.of[home].astype(np.uint32)),
        pl.Series("sex", ["female", "male"])[babies.male.astype(np.int64)],
        _date(babies.birth, "birth_date"),
        relationship_texts(np.full(len(home), relationship_number("子"))),
        _date(babies.birth, "resident_since"),
    ).select(*names.columns, "household_no", "address_no", "sex", "birth_date", "relationship", "resident_since")


def _households(draft: Draft) -> pl.DataFrame:
    people, newcomers, ledger = draft.people, draft.newcomers, draft.ledger
    arrived_head = newcomers.first + len(people.home)
    founded = ledger.founded
    single = [np.full(len(numbers), kind_number(kind)) for numbers, _, _, kind in founded]
    kinds = [pool().kind[people.composition], pool().kind[newcomers.composition], *single]
    addresses = [draft.homes.of, draft.newcomer_homes, *(part[1] for part in founded)]
    heads = [people.first, arrived_head, *(part[2] for part in founded)]
    number = np.concatenate(heads)
    size = np.zeros(len(number), dtype=np.uint16)
    size[: len(people.composition)] = people.size
    return pl.DataFrame(
        {
            "household_no": np.arange(len(number), dtype=np.uint32),
            "address_no": np.concatenate(addresses).astype(np.uint32),
            "head": number.astype(np.uint32),
            "kind": pl.Series(np.concatenate(kinds).astype(np.uint8)).cat.to(HOUSEHOLD_KINDS), "size": size,
        }
    )  # fmt: skip


def _changes(draft: Draft) -> pl.DataFrame:
    """The ledger with arrivals and births."""
    people, newcomers, babies = draft.people, draft.newcomers, draft.newborns
    if len(newcomers.home):
        days = tuple(part[newcomers.home] for part in draft.arrival)
        residents = np.arange(len(newcomers.home)) + len(people.home)
        where = (NOWHERE, newcomers.home + len(people.composition), NOWHERE, draft.newcomer_homes[newcomers.home])
        abroad = draft.newcomer_identity.nation > 0
        for reason, rows in (("転入", ~abroad), ("国外転入", abroad)):
            there = tuple(part[rows] if isinstance(part, np.ndarray) else part for part in where)
            draft.ledger.note(reason, residents[rows], (days[0][rows], days[1][rows]), there)
    first = len(people.home) + len(newcomers.home)
    home = people.home[babies.mother]
    where = (NOWHERE, home, NOWHERE, draft.homes.of[home])
    draft.ledger.note("出生", np.arange(len(home)) + first, (babies.birth, babies.notice), where)
    return draft.ledger.table()
