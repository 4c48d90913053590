"""One block of a municipality: a pure function of the seed, the municipality and its number."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from simulator.errors import UsageError
from simulator.population import amendments, changes, stories
from simulator.population.bridge import ASSUMED_CARD, Guests
from simulator.population.changes import wanted_addresses
from simulator.population.days import BIRTH_NOTICE_DAYS, MOVE_NOTICE_DAYS, OfficeDays
from simulator.population.details import (
    came_directly,
    found_here,
    origin_of,
    origin_rows,
    origin_texts,
)
from simulator.population.foreign import (
    Foreign,
    alias_table,
    draw_foreign,
    foreign_table,
    newborn_foreigners,
    renamed_aliases,
)
from simulator.population.guests import draw_guests, partner_of, welcome
from simulator.population.history import Past, copied_anew, past_table, removed_table
from simulator.population.homes import HomePlan, Homes, along, draw_homes
from simulator.population.identity import Identity, name_columns
from simulator.population.kinship import Kinship, draw_kinship
from simulator.population.ledger import NOWHERE, Aside, Ledger
from simulator.population.mix import mix
from simulator.population.parties import make_party
from simulator.population.party import Party
from simulator.population.people import People, draw_people
from simulator.population.plan import Plan
from simulator.population.pool import pool
from simulator.population.protect import draw_measures, forward_table, other_parties, protection_table, term_table
from simulator.population.renumbering import draw_renumbering, renumber
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
from simulator.population.stories import Cast, draw_cast
from simulator.population.ties import Near, draw_former_spouses, figures, relations
from simulator.streams import Stream
from simulator.world.calendar import epoch_day
from simulator.world.given_names import given_names

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


def make_block(plan: Plan) -> Block:
    """The tables of one block."""
    stream = plan.here
    people = draw_people(stream, plan.households, mix(plan.profile).present, plan.eve)
    if len(people.home) > NEWCOMER_NUMBERS:
        msg = f"block {plan.number} has more than {NEWCOMER_NUMBERS} residents"
        raise UsageError(msg)
    kin = draw_kinship(stream, people)
    present = make_party(plan, stream, people, kin.surname_of)
    cast = draw_cast(stream, present.people, plan.window, mix(plan.profile).arrival)
    guests = draw_guests(plan)
    wanted = wanted_addresses(cast) + (0 if guests is None else len(guests.kind))
    homes = draw_homes(HomePlan(stream, plan.place, plan.number), people, kin, wanted)
    draft, statuses = _unfold(plan, present, cast, homes, guests)
    draft = _renumber(plan, draft, cast)
    return _tables(plan, draft, kin, statuses)


def _renumber(plan: Plan, draft: Draft, cast: Cast) -> Draft:
    if plan.days is None:
        return draft
    homes, change = draw_renumbering(plan.here, plan.days, draft.homes, cast)
    if change is not None:
        home = draft.present.people.home
        everyone = sum(draft.counts) + (0 if draft.guests is None else len(draft.guests.home))
        renumber(draft.ledger, change, (home, homes.of[home]), everyone)
    return replace(draft, homes=homes)


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


def _unfold(
    plan: Plan, present: Party, cast: Cast, homes: Homes, guests: Guests | None
) -> tuple[Draft, tuple[pl.DataFrame, pl.DataFrame]]:
    """Let the stories happen; also the tables of foreign residents and their aliases."""
    people, stream, days = present.people, plan.here, plan.days
    count, nobody = len(people.composition), np.zeros(0, dtype=np.int64)
    other = partner_of(plan)
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
        newborns = newborns_of(stream, people, cast, days)
    there = stream.at("newcomers")
    comers = draw_people(there, cast.arrivals, mix(plan.profile).arriving, plan.eve)
    newcomers = make_party(plan, there, comers, np.arange(cast.arrivals), arrival[0])
    draft = Draft(plan.setting, present, newcomers, columns, newborns, homes, newcomer_homes, arrival, ledger, None)
    enter(draft)
    if guests is not None and other is not None:
        draft = replace(draft, guests=welcome(draft, guests, origin_of(other)))
    return draft, statuses_of(plan, draft, foreign, own)


def statuses_of(
    plan: Plan, draft: Draft, foreign: Foreign, own: pl.DataFrame, used: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables ``foreign_resident`` and ``alias`` of everyone; `used` as of ``resident_table``."""
    first, arrived = len(draft.present.people.home), draft.newcomers
    ordinals = local_numbers((0, len(arrived.people.home), 0), used) + np.uint64(plan.first_number)
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
    return pl.concat(tables), renamed_aliases(pl.concat(aliases), draft.ledger.aliases, plan.place)


def newborns_of(stream: Stream, people: People, cast: Cast, days: OfficeDays) -> Newborns:
    """Who is born in the households whose story that is."""
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


def enter(draft: Draft) -> None:
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
        near = ~direct & ~found
        card = near & who.stream.chance("in_card", len(who.people.composition), ASSUMED_CARD)[newcomers.home]
        kinds = (("転入", near & ~card), ("特例転入", card), ("国外転入", direct & ~found), ("職権記載", found))
        for reason, rows in kinds:
            there = tuple(part[rows] if isinstance(part, np.ndarray) else part for part in where)
            aside = told if reason == "職権記載" else Aside(elsewhere=origin[rows])
            draft.ledger.note(reason, residents[rows], (days[0][rows], days[1][rows]), there, aside)
    first = len(people.home) + len(newcomers.home)
    home = people.home[babies.mother]
    there = (NOWHERE, home, NOWHERE, draft.homes.of[home])
    draft.ledger.note("出生", np.arange(len(home)) + first, (babies.birth, babies.notice), there)
