"""The households that come from the partner of a block: made from the first part of its block, and given homes."""

from dataclasses import replace

import numpy as np
import polars as pl

from simulator.population import stories
from simulator.population.bridge import (
    ASSUMED_CARD,
    CROSSING_HOUSEHOLDS,
    Guests,
    arrival_notices,
    crossing,
    leaving_days,
    partner,
)
from simulator.population.foreign import alias_table, draw_foreign, foreign_table
from simulator.population.identity import name_columns
from simulator.population.ledger import NOWHERE, Aside
from simulator.population.mix import mix
from simulator.population.parties import make_party
from simulator.population.party import Party
from simulator.population.people import draw_people
from simulator.population.plan import Plan, block_stream, profile_of
from simulator.population.pool import Bools, pool
from simulator.population.residents import Draft, party_columns
from simulator.population.spec import BLOCK_HOUSEHOLDS
from simulator.population.stories import Cast, draw_cast
from simulator.schema.people import CHANGES, HOUSEHOLD_KINDS
from simulator.streams import Ints
from simulator.world.calendar import epoch_day
from simulator.world.municipality import Municipality


def partner_of(plan: Plan) -> Municipality | None:
    """The municipality that the block exchanges households with, if that has such a block."""
    other = partner(plan.place, plan.number)
    return other if other is not None and _households(plan, other) > 0 else None


def _households(plan: Plan, place: Municipality) -> int:
    """How many households block `plan.number` of `place` has; 0 if it has no such block."""
    chosen, missing, wanted = mix(profile_of(plan.spec, place)).present, plan.spec.residents_of(place), 0
    for number in range(plan.number + 1):
        source = block_stream(plan.stream, place, number)
        ends = np.cumsum(pool().size[source.pick("composition", BLOCK_HOUSEHOLDS, chosen)])
        wanted = min(int(np.searchsorted(ends, missing)) + 1, BLOCK_HOUSEHOLDS) if missing > 0 else 0
        missing -= int(ends[wanted - 1]) if wanted else 0
    return wanted


def draw_guests(plan: Plan) -> Guests | None:
    """The households that come from the partner of the block: the first part of its block is made, no more."""
    place, days = partner_of(plan), plan.days
    if place is None or days is None:
        return None
    chosen = mix(profile_of(plan.spec, place)).present
    there = replace(plan, place=place, households=min(_households(plan, place), CROSSING_HOUSEHOLDS))
    stream, count = there.here, there.households
    people = draw_people(stream, count, chosen, there.eve)
    party = make_party(there, stream, people, np.arange(count))
    cast = draw_cast(stream, party.people, there.window, 0.0)
    leaving = cast.households(stories.OUT)
    happened, _ = leaving_days(stream, days, len(leaving))
    notified = arrival_notices(stream, days, happened)
    at = crossing(stream, party.people, cast)
    at = at[notified[at] != NOWHERE]
    card = stream.chance("out_card", len(leaving), ASSUMED_CARD)[at]
    return _guests(there, party, cast, (leaving[at], happened[at], notified[at], card))


def _guests(there: Plan, party: Party, cast: Cast, move: tuple[Ints, Ints, Ints, Bools]) -> Guests:
    """The guests of the block `there` whose households, days of moving and of notice, and use of a card are `move`."""
    people, (households, happened, notified, card) = party.people, move
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
    return Guests(residents, own, aliases, ordinals[rows].astype(np.int64), home, kind, happened, notified, card)


def welcome(draft: Draft, guests: Guests, from_place: int) -> Guests:
    """Give the guests homes and note that they came."""
    ledger, first = draft.ledger, sum(draft.counts)
    start = np.searchsorted(guests.home, np.arange(len(guests.kind)))
    addresses = ledger.addresses(len(guests.kind))
    household = np.zeros(len(guests.kind), dtype=np.int64)
    for number in np.unique(guests.kind):
        own = guests.kind == number
        household[own] = ledger.households(first + start[own], HOUSEHOLD_KINDS.categories[int(number)], addresses[own])
    where = (NOWHERE, household[guests.home], NOWHERE, addresses[guests.home])
    card = guests.card[guests.home]
    for reason, chosen in (("転入", ~card), ("特例転入", card)):
        rows = np.flatnonzero(chosen)
        days = guests.happened[guests.home[rows]], guests.notified[guests.home[rows]]
        places = tuple(part[rows] if isinstance(part, np.ndarray) else part for part in where)
        ledger.note(reason, rows + first, days, places, Aside(elsewhere=from_place))
    placed = guests.residents.with_columns(
        household_no=pl.Series(household[guests.home].astype(np.uint32)),
        address_no=pl.Series(addresses[guests.home].astype(np.uint32)),
    )
    return replace(guests, residents=placed)
