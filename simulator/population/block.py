"""One block of a municipality: a pure function of the seed, the municipality and its number."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import stories
from simulator.population.changes import Scene, play, wanted_addresses
from simulator.population.days import BIRTH_NOTICE_DAYS, MOVE_NOTICE_DAYS, OfficeDays, office_days
from simulator.population.details import Setting, birth_known, came_directly, origin_rows, origin_texts
from simulator.population.homes import Homes, draw_homes
from simulator.population.identity import Identity, draw_identity, name_columns
from simulator.population.kinship import Kinship, draw_kinship
from simulator.population.ledger import NOWHERE, Aside, Ledger
from simulator.population.people import People, draw_people
from simulator.population.pool import pool
from simulator.population.rates import rates
from simulator.population.residents import (
    NEWCOMER_NUMBERS,
    Draft,
    Newborns,
    Party,
    household_table,
    resident_table,
)
from simulator.population.spec import BLOCK_HOUSEHOLDS, BLOCK_NUMBERS, PopulationSpec
from simulator.population.stories import Cast, draw_cast
from simulator.population.ties import Names, draw_former_spouses, figures, protections, relations
from simulator.schema.record import (
    ALIAS,
    FOREIGN_RESIDENT,
    PAST_CHANGE,
    PROTECTION_FORWARD,
    PROTECTION_TERM,
    REMOVED_RECORD,
)
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day
from simulator.world.given_names import given_names
from simulator.world.municipality import Municipality
from simulator.world.numbers import CheckDigits, NumberEmitter

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
    foreigners: pl.DataFrame
    aliases: pl.DataFrame
    items: pl.DataFrame
    past: pl.DataFrame
    removed: pl.DataFrame
    terms: pl.DataFrame
    forwards: pl.DataFrame
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

    @property
    def setting(self) -> Setting:
        """Where and when."""
        return Setting(self.place, self.number, epoch_day(self.eve))


def block_stream(stream: Stream, place: Municipality, number: int) -> Stream:
    """The stream of block `number` of `place`."""
    return stream.at("population", place.code, "block", number)


def make_block(plan: Plan) -> Block:
    """The tables of one block."""
    stream = plan.here
    people = draw_people(stream, plan.households, pool().chosen, plan.eve)
    if len(people.home) > NEWCOMER_NUMBERS:
        msg = f"block {plan.number} has more than {NEWCOMER_NUMBERS} residents"
        raise UsageError(msg)
    kin = draw_kinship(stream, people)
    present = _party(plan, stream, people, kin.surname_of)
    people, identity = present.people, present.identity
    cast = draw_cast(stream, people, plan.window, open_days=plan.days is not None)
    homes = draw_homes(stream, people, plan.place, plan.number, wanted_addresses(cast))
    draft = _unfold(plan, present, kin, cast, homes)
    names = name_columns(identity)
    former = draw_former_spouses(stream, people)
    named = Names(names["family_name"], names["given_name"])
    emitter = NumberEmitter.of(plan.stream.at("numbers"), CheckDigits(plan.spec.check_digits))
    return Block(
        resident_table(draft, names, (plan.place.first_block + plan.number) * BLOCK_NUMBERS, emitter),
        household_table(draft),
        homes.table,
        _changes(draft),
        protections(stream, people, plan.window, former, named),
        FOREIGN_RESIDENT.empty(),
        ALIAS.empty(),
        draft.ledger.item_table(),
        PAST_CHANGE.empty(),
        REMOVED_RECORD.empty(),
        PROTECTION_TERM.empty(),
        PROTECTION_FORWARD.empty(),
        relations(stream, people, _japanese(kin, identity), former),
        figures(stream, people, plan.window),
    )


def _party(plan: Plan, stream: Stream, people: People, surname_of: Ints, since: Ints | None = None) -> Party:
    """`people` with their names, what is known of their births, and since when they are residents."""
    identity = draw_identity(stream, people, surname_of)
    known, birth = birth_known(stream, people, identity)
    settled = replace(people, birth=birth)
    return Party(stream, settled, identity, _since(plan, settled) if since is None else since[people.home], known)


def _unfold(plan: Plan, present: Party, kin: Kinship, cast: Cast, homes: Homes) -> Draft:
    """Let the stories happen."""
    people, stream, days = present.people, plan.here, plan.days
    count, nobody = len(people.composition), np.zeros(0, dtype=np.int64)
    ledger = Ledger(count + cast.arrivals, count)
    newcomer_homes = ledger.addresses(cast.arrivals)
    newborns, arrival = Newborns(nobody, nobody == 1, nobody, nobody, nobody), (nobody, nobody)
    if days is not None:
        notices = days.notices(stream, "in_notice", cast.arrivals, seasonal=True)
        arrival = days.before(stream, "in_day", notices, MOVE_NOTICE_DAYS), notices
        play(Scene(stream, people, homes.of, cast, days, ledger))
        newborns = _newborns(stream, people, cast, days)
    there = stream.at("newcomers")
    comers = draw_people(there, cast.arrivals, rates().arriving, plan.eve)
    newcomers = _party(plan, there, comers, np.arange(cast.arrivals), arrival[0])
    return Draft(plan.setting, present, newcomers, kin, newborns, homes, newcomer_homes, arrival, ledger)


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


def _since(plan: Plan, people: People) -> Ints:
    """When each became a resident: with the head's household, or at birth."""
    count = len(people.composition)
    start = epoch_day(plan.window.start) - 1
    head = people.birth[people.first]
    native = plan.here.chance("native", count, ASSUMED_NATIVE)
    adult = np.maximum(1, start - head - 18 * 365)
    came = start - (plan.here.unit("tenure", count) * plan.here.unit("tenure_again", count) * adult).astype(np.int64)
    return np.maximum(people.birth, np.where(native, head, came)[people.home])


def _changes(draft: Draft) -> pl.DataFrame:
    """The ledger with arrivals and births."""
    people, newcomers, babies = draft.present.people, draft.newcomers.people, draft.newborns
    if len(newcomers.home):
        days = tuple(part[newcomers.home] for part in draft.arrival)
        residents = np.arange(len(newcomers.home)) + len(people.home)
        where = (NOWHERE, newcomers.home + len(people.composition), NOWHERE, draft.newcomer_homes[newcomers.home])
        who = draft.newcomers
        direct = came_directly(who.stream, who.people, who.identity)
        origin = origin_rows(who.stream, who.people, direct)
        for reason, rows in (("転入", ~direct), ("国外転入", direct)):
            there = tuple(part[rows] if isinstance(part, np.ndarray) else part for part in where)
            aside = Aside(elsewhere=origin[rows])
            draft.ledger.note(reason, residents[rows], (days[0][rows], days[1][rows]), there, aside)
    first = len(people.home) + len(newcomers.home)
    home = people.home[babies.mother]
    there = (NOWHERE, home, NOWHERE, draft.homes.of[home])
    draft.ledger.note("出生", np.arange(len(home)) + first, (babies.birth, babies.notice), there)
    return draft.ledger.table(origin_texts())
