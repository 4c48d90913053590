"""One block of a municipality: a pure function of the seed, the municipality and its number."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import amendments, changes, stories
from simulator.population.bridge import (
    CROSSING_HOUSEHOLDS,
    Guests,
    arrival_notices,
    crossing,
    leaving_days,
    partner,
)
from simulator.population.changes import wanted_addresses
from simulator.population.days import BIRTH_NOTICE_DAYS, MOVE_NOTICE_DAYS, OfficeDays, office_days
from simulator.population.details import (
    Setting,
    birth_known,
    came_directly,
    found_here,
    origin_of,
    origin_rows,
    origin_texts,
)
from simulator.population.foreign import (
    KOREA,
    Foreign,
    alias_table,
    draw_foreign,
    foreign_table,
    newborn_foreigners,
)
from simulator.population.history import Past, copied_anew, past_table, removed_table
from simulator.population.homes import HomePlan, Homes, along, draw_homes
from simulator.population.identity import Identity, draw_identity, name_columns
from simulator.population.kinship import Kinship, draw_kinship
from simulator.population.ledger import NOWHERE, Aside, Ledger
from simulator.population.mix import mix
from simulator.population.party import Party
from simulator.population.people import People, draw_people
from simulator.population.pool import pool
from simulator.population.protect import draw_measures, forward_table, other_parties, protection_table, term_table
from simulator.population.residents import (
    NEWCOMER_NUMBERS,
    Draft,
    Newborns,
    household_table,
    local_numbers,
    party_columns,
    resident_table,
)
from simulator.population.scene import Scene
from simulator.population.spec import BLOCK_HOUSEHOLDS, BLOCK_NUMBERS, PopulationSpec
from simulator.population.stories import Cast, draw_cast
from simulator.population.ties import Near, draw_former_spouses, figures, relations
from simulator.schema.people import CHANGES, HOUSEHOLD_KINDS
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day
from simulator.world.given_names import given_names
from simulator.world.municipality import Municipality
from simulator.world.numbers import CheckDigits, NumberEmitter

ASSUMED_NATIVE = 0.4  # share of household heads who have lived here since birth
ASSUMED_LONGEST_STAY_DAYS = 9_000  # of foreigners, but for Koreans
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
    def profile(self) -> str:
        """Which age and household profile."""
        return profile_of(self.spec, self.place)

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
    def first_number(self) -> int:
        """The block's place in the numbering of the nation."""
        return (self.place.first_block + self.number) * BLOCK_NUMBERS

    @property
    def emitter(self) -> NumberEmitter:
        """The maker of numbers of the nation."""
        return NumberEmitter.of(self.stream.at("numbers"), CheckDigits(self.spec.check_digits))

    @property
    def setting(self) -> Setting:
        """Where and when."""
        return Setting(self.place, self.number, self.eve)


def profile_of(spec: PopulationSpec, place: Municipality) -> str:
    """The profile that `spec` means in `place`."""
    return place.profile if spec.profile == "own" else spec.profile


def block_stream(stream: Stream, place: Municipality, number: int) -> Stream:
    """The stream of block `number` of `place`."""
    return stream.at("population", place.code, "block", number)


def make_block(plan: Plan) -> Block:
    """The tables of one block."""
    stream = plan.here
    people = draw_people(stream, plan.households, mix(plan.profile).present, plan.eve)
    if len(people.home) > NEWCOMER_NUMBERS:
        msg = f"block {plan.number} has more than {NEWCOMER_NUMBERS} residents"
        raise UsageError(msg)
    kin = draw_kinship(stream, people)
    present = _party(plan, stream, people, kin.surname_of)
    cast = draw_cast(stream, present.people, plan.window, mix(plan.profile).arrival, open_days=plan.days is not None)
    guests = draw_guests(plan)
    wanted = wanted_addresses(cast) + (0 if guests is None else len(guests.kind))
    homes = draw_homes(HomePlan(stream, plan.place, plan.number), people, kin, wanted)
    draft, statuses = _unfold(plan, present, cast, homes, guests)
    return _tables(plan, draft, kin, statuses)


def _tables(plan: Plan, draft: Draft, kin: Kinship, statuses: tuple[pl.DataFrame, pl.DataFrame]) -> Block:
    stream, people = plan.here, draft.present.people
    former = draw_former_spouses(stream, people)
    past = Past(stream, plan.setting, plan.spec.history_years * 365, plan.profile)
    residents = resident_table(draft, plan.first_number, plan.emitter)
    changed = draft.ledger.table(origin_texts())
    measures = draw_measures(stream, people, plan.window)
    table = draft.homes.table
    near = Near(draft.homes.of, *along(table), other_parties(people, measures, former))
    return Block(
        residents,
        household_table(draft),
        table,
        changed,
        protection_table(draft.present, measures, former, draft.columns),
        *statuses,
        draft.ledger.item_table(),
        past_table(past, draft),
        _removed(past, draft, (plan, residents, changed)),
        term_table(people, measures),
        forward_table(draft.present, measures),
        relations(stream, people, _japanese(kin, draft.present.identity), former, near),
        figures(stream, people, plan.window),
    )


def _removed(past: Past, draft: Draft, made: tuple[Plan, pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    plan, residents, changed = made
    before = removed_table(past, draft, plan.first_number, plan.emitter)
    both = pl.concat([before, copied_anew(residents, changed)])
    return both.with_columns(pl.Series("removed_no", np.arange(both.height, dtype=np.uint32)))


def _party(plan: Plan, stream: Stream, people: People, surname_of: Ints, since: Ints | None = None) -> Party:
    """`people` with their names, what is known of their births, and since when they are residents."""
    identity = draw_identity(stream, people, surname_of)
    known, birth = birth_known(stream, people, identity)
    settled = replace(people, birth=birth)
    came = _since(plan, settled, identity) if since is None else since[people.home]
    return Party(stream, settled, identity, came, known)


def _partner(plan: Plan) -> Municipality | None:
    """The municipality that the block exchanges households with, if that has such a block."""
    other = partner(plan.place, plan.number)
    return other if other is not None and _households(plan, other) > 0 else None


def _households(plan: Plan, place: Municipality) -> int:
    """How many households block `plan.number` of `place` has; 0 if it has no such block."""
    chosen, missing, wanted = mix(profile_of(plan.spec, place)).present, plan.spec.residents, 0
    for number in range(plan.number + 1):
        source = block_stream(plan.stream, place, number)
        ends = np.cumsum(pool().size[source.pick("composition", BLOCK_HOUSEHOLDS, chosen)])
        wanted = min(int(np.searchsorted(ends, missing)) + 1, BLOCK_HOUSEHOLDS) if missing > 0 else 0
        missing -= int(ends[wanted - 1]) if wanted else 0
    return wanted


def draw_guests(plan: Plan) -> Guests | None:
    """The households that come from the partner of the block: the first part of its block is made, no more."""
    place, days = _partner(plan), plan.days
    if place is None or days is None:
        return None
    chosen = mix(profile_of(plan.spec, place)).present
    there = replace(plan, place=place, households=min(_households(plan, place), CROSSING_HOUSEHOLDS))
    stream, count = there.here, there.households
    people = draw_people(stream, count, chosen, there.eve)
    party = _party(there, stream, people, np.arange(count))
    cast = draw_cast(stream, party.people, there.window, 0.0, open_days=True)
    leaving = cast.households(stories.OUT)
    happened, _ = leaving_days(stream, days, len(leaving))
    notified = arrival_notices(stream, days, happened)
    at = crossing(stream, party.people, cast)
    at = at[notified[at] != NOWHERE]
    return _guests(there, party, cast, (leaving[at], happened[at], notified[at]))


def _guests(there: Plan, party: Party, cast: Cast, move: tuple[Ints, Ints, Ints]) -> Guests:
    """The guests of the block `there` whose households, days of moving and of notice are `move`."""
    people, (households, happened, notified) = party.people, move
    home = np.repeat(np.arange(len(households)), people.size[households])
    rows = np.flatnonzero(np.isin(people.home, households))
    nowhere = np.zeros(len(people.composition), dtype=np.int64)
    frame = party_columns(party, nowhere, name_columns(party.identity), there.setting)[rows]
    foreign = draw_foreign(party, epoch_day(there.eve), (cast.story == 0)[people.home])
    ordinals = np.arange(len(people.home), dtype=np.uint64) + np.uint64(there.first_number)
    place = pl.DataFrame({"old": rows.astype(np.uint32), "resident_no": np.arange(len(rows), dtype=np.uint32)})
    own, aliases = (
        table.rename({"resident_no": "old"}).join(place, on="old", maintain_order="left").select(table.columns)
        for table in (
            foreign_table(party, foreign, ordinals, there.emitter, 0),
            alias_table(party, foreign, there.place, 0),
        )
    )
    day = pl.Series(happened[home].astype("datetime64[D]"))
    residents = frame.with_columns(
        resident_since=day, address_since=day, voter=pl.lit(value=False), entry=pl.lit("転入", CHANGES),
        came_from=pl.lit(there.place.prefecture + there.place.name),
    )  # fmt: skip
    kind = pool().kind[people.composition[households]]
    return Guests(residents, own, aliases, ordinals[rows].astype(np.int64), home, kind, happened, notified)


def _welcome(draft: Draft, guests: Guests, from_place: int) -> Guests:
    """Give the guests homes and note that they came."""
    ledger, first = draft.ledger, sum(draft.counts)
    start = np.searchsorted(guests.home, np.arange(len(guests.kind)))
    addresses = ledger.addresses(len(guests.kind))
    household = np.zeros(len(guests.kind), dtype=np.int64)
    for number in np.unique(guests.kind):
        own = guests.kind == number
        household[own] = ledger.households(first + start[own], HOUSEHOLD_KINDS.categories[int(number)], addresses[own])
    where = (NOWHERE, household[guests.home], NOWHERE, addresses[guests.home])
    days = guests.happened[guests.home], guests.notified[guests.home]
    ledger.note("転入", np.arange(len(guests.home)) + first, days, where, Aside(elsewhere=from_place))
    placed = guests.residents.with_columns(
        household_no=pl.Series(household[guests.home].astype(np.uint32)),
        address_no=pl.Series(addresses[guests.home].astype(np.uint32)),
    )
    return replace(guests, residents=placed)


def _unfold(
    plan: Plan, present: Party, cast: Cast, homes: Homes, guests: Guests | None
) -> tuple[Draft, tuple[pl.DataFrame, pl.DataFrame]]:
    """Let the stories happen; also the tables of foreign residents and their aliases."""
    people, stream, days = present.people, plan.here, plan.days
    count, nobody = len(people.composition), np.zeros(0, dtype=np.int64)
    other = _partner(plan)
    ledger = Ledger(count + cast.arrivals, count)
    newcomer_homes = ledger.addresses(cast.arrivals)
    columns = party_columns(present, homes.of, name_columns(present.identity), plan.setting)
    foreign = draw_foreign(present, epoch_day(plan.eve), (cast.story == 0)[people.home])
    own = foreign_table(
        present, foreign, np.arange(len(people.home), dtype=np.uint64) + np.uint64(plan.first_number), plan.emitter, 0
    )
    newborns, arrival = Newborns(nobody, nobody == 1, nobody, nobody, nobody), (nobody, nobody)
    if days is not None:
        notices = days.notices(stream, "in_notice", cast.arrivals, seasonal=True)
        arrival = days.before(stream, "in_day", notices, MOVE_NOTICE_DAYS), notices
        scene = Scene(
            party=present, homes=homes.of, cast=cast, days=days, ledger=ledger, foreign=foreign,
            parents_home=homes.parents, emitter=plan.emitter, first_number=plan.first_number,
            columns=columns, statuses=own, partner=NOWHERE if other is None else origin_of(other),
        )  # fmt: skip
        changes.play(scene)
        amendments.play(scene)
        newborns = _newborns(stream, people, cast, days)
    there = stream.at("newcomers")
    comers = draw_people(there, cast.arrivals, mix(plan.profile).arriving, plan.eve)
    newcomers = _party(plan, there, comers, np.arange(cast.arrivals), arrival[0])
    draft = Draft(plan.setting, present, newcomers, columns, newborns, homes, newcomer_homes, arrival, ledger, None)
    _enter(draft)
    if guests is not None and other is not None:
        draft = replace(draft, guests=_welcome(draft, guests, origin_of(other)))
    return draft, _statuses(plan, draft, foreign, own)


def _statuses(plan: Plan, draft: Draft, foreign: Foreign, own: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables ``foreign_resident`` and ``alias`` of everyone."""
    first, arrived = len(draft.present.people.home), draft.newcomers
    ordinals = local_numbers((0, len(arrived.people.home), 0)) + np.uint64(plan.first_number)
    calm = np.zeros(len(arrived.people.home), dtype=np.bool_)
    comers = draw_foreign(arrived, epoch_day(plan.eve) + plan.window.day_count, calm)
    there = foreign_table(arrived, comers, ordinals, plan.emitter, first)
    mothers = draft.newborns.mother
    abroad = np.flatnonzero(draft.present.identity.nation[mothers] > 0)
    born = newborn_foreigners(abroad + first + len(arrived.people.home), draft.newborns.birth[abroad])
    aliases = [alias_table(draft.present, foreign, plan.place, 0), alias_table(arrived, comers, plan.place, first)]
    tables = [own, there, born]
    if draft.guests is not None:
        number = pl.col("resident_no") + sum(draft.counts)
        tables.append(draft.guests.foreigners.with_columns(number.cast(pl.UInt32)))
        aliases.append(draft.guests.aliases.with_columns(number.cast(pl.UInt32)))
    return pl.concat(tables), pl.concat(aliases)


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


def _since(plan: Plan, people: People, identity: Identity) -> Ints:
    """When each became a resident: with the head's household, or at birth; few foreigners are born here."""
    count = len(people.composition)
    start = epoch_day(plan.window.start) - 1
    head = people.birth[people.first]
    korean = identity.nation[people.first] == KOREA + 1
    abroad = (identity.nation[people.first] > 0) & ~korean
    native = plan.here.chance("native", count, ASSUMED_NATIVE) & ~abroad
    adult = np.maximum(1, start - head - 18 * 365)
    adult = np.where(abroad, np.minimum(adult, ASSUMED_LONGEST_STAY_DAYS), adult)
    came = start - (plan.here.unit("tenure", count) * plan.here.unit("tenure_again", count) * adult).astype(np.int64)
    return np.maximum(people.birth, np.where(native, head, came)[people.home])


def _enter(draft: Draft) -> None:
    """Note arrivals and births."""
    people, who, babies = draft.present.people, draft.newcomers, draft.newborns
    newcomers = who.people
    if len(newcomers.home):
        days = tuple(part[newcomers.home] for part in draft.arrival)
        residents = np.arange(len(newcomers.home)) + len(people.home)
        where = (NOWHERE, newcomers.home + len(people.composition), NOWHERE, draft.newcomer_homes[newcomers.home])
        direct = came_directly(who.stream, who.people, who.identity)
        origin = origin_rows(who.stream, who.people, direct)
        found = found_here(who.stream, who.people)
        told = Aside(basis="職権")
        for reason, rows in (("転入", ~direct & ~found), ("国外転入", direct & ~found), ("職権記載", found)):
            there = tuple(part[rows] if isinstance(part, np.ndarray) else part for part in where)
            aside = told if reason == "職権記載" else Aside(elsewhere=origin[rows])
            draft.ledger.note(reason, residents[rows], (days[0][rows], days[1][rows]), there, aside)
    first = len(people.home) + len(newcomers.home)
    home = people.home[babies.mother]
    there = (NOWHERE, home, NOWHERE, draft.homes.of[home])
    draft.ledger.note("出生", np.arange(len(home)) + first, (babies.birth, babies.notice), there)
