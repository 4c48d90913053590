"""Further months of a population: what changes after its window, without touching what is there.

The households of each block are drawn again from their streams, so that who they are need not be read; stories of the
new days are drawn on a stream of their own. A household that had a story before has none again, newcomers of earlier
months have none, and what would change a row that exists is not told (`stories.LATER_UNTOLD`, renumbering of towns,
moves between two municipalities of one run as seen from the other). New people, homes and changes are numbered behind
those that there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import amendments, changes
from simulator.population.asof import as_of
from simulator.population.block import Block, enter, make_block, newborns_of, statuses_of
from simulator.population.build import MOVED, TABLES, Population, assemble, in_order, plans
from simulator.population.changes import wanted_addresses
from simulator.population.days import MOVE_NOTICE_DAYS, office_days
from simulator.population.details import origin_texts
from simulator.population.foreign import draw_foreign, foreign_table
from simulator.population.history import copied_anew
from simulator.population.homes import ASSUMED_VACANT, HomePlan, draw_homes
from simulator.population.identity import name_columns
from simulator.population.kinship import draw_kinship
from simulator.population.ledger import NOWHERE, Ledger
from simulator.population.mix import mix
from simulator.population.parties import make_party
from simulator.population.party import Party
from simulator.population.people import People, draw_people
from simulator.population.plan import Plan
from simulator.population.pool import Bools
from simulator.population.residents import Draft, household_table, party_columns, resident_table
from simulator.population.scene import Scene
from simulator.population.spec import BLOCK_NUMBERS, PopulationSpec
from simulator.population.stories import Cast, draw_cast
from simulator.streams import Ints, Stream
from simulator.world.calendar import epoch_day
from simulator.world.municipality import Municipality
from simulator.world.numbers import serial_numbers

c = pl.col
_COUNTERS = ("residents", "households", "addresses", "changes", "removed")


@dataclass(frozen=True, slots=True)
class Base:
    """The people of a window, block by block, as they were made first.

    Attributes:
        plans, blocks: in order.
        whole: the population that they are.
    """

    plans: tuple[Plan, ...]
    blocks: tuple[Block, ...]
    whole: Population

    @classmethod
    def of(cls, spec: PopulationSpec, place: Municipality, window: Window, stream: Stream) -> "Base":
        """Make them, as ``build`` does."""
        made = tuple(plans(spec, place, window, stream))
        blocks = tuple(make_block(plan) for plan in made)
        return cls(made, blocks, assemble(spec.placed(place), window, list(blocks)))


@dataclass(frozen=True, slots=True)
class _Here:
    """One block when a population grows.

    Attributes:
        plan, block: as it was made first.
        first: global number of its first row, per counter.
        before: how many rows the whole population has now, per counter.
        added: how many of those came with earlier growth.
        number: which growth it is, from 1.
        window: the new days.
        busy: which of its households had a story.
        people: who lived there at first.
    """

    plan: Plan
    block: Block
    first: dict[str, int]
    before: dict[str, int]
    added: dict[str, int]
    number: int
    window: Window
    busy: Bools
    people: People

    @property
    def stream(self) -> Stream:
        return self.plan.here.at("grown", self.number)

    @property
    def used(self) -> int:
        """Numbers of newcomers and of newborn that may be taken."""
        return self.block.residents.height - len(self.people.home) + self.added["residents"]


def grow(base: Base, sofar: Population, window: Window, number: int) -> Population:
    """What the days of `window` add to the population `sofar`: rows behind those that there are.

    Args:
        base: what it was first.
        sofar: what it is, with the rows of earlier growth.
        window: the new days; it begins where that of `sofar` ends.
        number: which growth it is, from 1.

    Raises:
        UsageError: the window does not follow, or has no office day.
    """
    if window.start != sofar.window.end or office_days(window) is None:
        msg = f"{window.start} to {window.end} does not follow on {sofar.window.end}, or has no office day"
        raise UsageError(msg)
    before = {name: getattr(sofar, name).height for name in _COUNTERS}
    added = {name: before[name] - getattr(base.whole, name).height for name in _COUNTERS}
    parts, first, next_ = [], dict.fromkeys(_COUNTERS, 0), dict(before)
    for plan, block in zip(base.plans, base.blocks, strict=True):
        people = draw_people(plan.here, plan.households, mix(plan.profile).present, plan.eve)
        here = _Here(plan, block, dict(first), before, added, number, window, _busy(plan, first, sofar), people)
        found = _grown(here)
        parts.append(_numbered(found, here, next_))
        for name in _COUNTERS:
            first[name] += getattr(block, name).height
            next_[name] += getattr(found, name).height
    return _together(sofar, window, parts)


def _busy(plan: Plan, first: dict[str, int], sofar: Population) -> Bools:
    """Which of the block's own households any change has touched."""
    touched = pl.concat([sofar.changes["household_from"], sofar.changes["household_to"]]).drop_nulls().unique()
    own = touched.cast(pl.Int64).to_numpy() - first["households"]
    busy = np.zeros(plan.households, dtype=np.bool_)
    busy[own[(own >= 0) & (own < plan.households)]] = True
    return busy


def _grown(here: _Here) -> Block:
    """The new rows of one block: numbers below those of its first rows mean these, numbers above are new."""
    plan, stream, days = here.plan, here.stream, office_days(here.window)
    assert days is not None  # noqa: S101 - grow() looks
    chosen = mix(plan.profile)
    people = here.people
    kin = draw_kinship(plan.here, people)
    present = make_party(plan, plan.here, people, kin.surname_of)
    first = draw_cast(plan.here, present.people, plan.window, chosen.arrival)
    cast = draw_cast(stream, present.people, here.window, chosen.arrival, here.busy)
    height = here.block.addresses.height
    spare = height - plan.households - plan.households // ASSUMED_VACANT - 1 + here.added["addresses"]
    homes = draw_homes(HomePlan(plan.here, plan.place, plan.number), people, kin, spare + wanted_addresses(cast))
    ledger = Ledger(plan.households + cast.arrivals, height)
    newcomer_homes = ledger.addresses(cast.arrivals)
    columns = party_columns(present, homes.of, name_columns(present.identity), plan.setting)
    foreign = draw_foreign(present, epoch_day(plan.eve), (first.story == 0)[people.home])
    ordinals = np.arange(len(people.home), dtype=np.uint64) + np.uint64(plan.first_number)
    own = foreign_table(present, foreign, ordinals, plan.emitter, 0)
    notices = days.notices(stream, "in_notice", cast.arrivals, seasonal=True)
    arrival = days.before(stream, "in_day", notices, MOVE_NOTICE_DAYS), notices
    scene = Scene(
        party=replace(present, stream=stream), homes=homes.of, cast=cast, days=days, ledger=ledger, foreign=foreign,
        parents_home=homes.parents, emitter=plan.emitter, first_number=plan.first_number, columns=columns,
        statuses=own, partner=NOWHERE,
    )  # fmt: skip
    changes.play(scene)
    amendments.play(scene)
    newcomers = _newcomers(here, cast, arrival[0])
    babies = newborns_of(stream, present.people, cast, days)
    draft = Draft(plan.setting, present, newcomers, columns, babies, homes, newcomer_homes, arrival, ledger, None)
    enter(draft)
    return _rows(here, draft, statuses_of(replace(plan, window=here.window), draft, foreign, own, here.used))


def _newcomers(here: _Here, cast: Cast, arrived: Ints) -> Party:
    there = here.stream.at("newcomers")
    eve = here.window.start - timedelta(days=1)
    comers = draw_people(there, cast.arrivals, mix(here.plan.profile).arriving, eve)
    return make_party(here.plan, there, comers, np.arange(cast.arrivals), arrived)


def _rows(here: _Here, draft: Draft, statuses: tuple[pl.DataFrame, pl.DataFrame]) -> Block:
    """What is new of every table of the block."""
    plan, people = here.plan, draft.present.people
    count, homes = len(people.home), len(people.composition)
    residents = resident_table(draft, plan.first_number, plan.emitter, here.used)
    households = household_table(draft)[homes:]
    serial = np.arange(households.height) + here.block.households.height + here.added["households"]
    ref = serial_numbers((serial + plan.number * BLOCK_NUMBERS).astype(np.uint64))
    changed = draft.ledger.table(origin_texts())
    taken = draft.ledger.next_address - here.block.addresses.height
    last = here.block.addresses.height + here.added["addresses"]
    empty = {name: TABLES[name].empty() for name in TABLES}
    made = {
        "residents": residents[count:],
        "households": households.with_columns(household_ref=ref),
        "addresses": draft.homes.table[last : last + taken].with_columns(
            address_no=pl.int_range(pl.len(), dtype=pl.UInt32) + here.block.addresses.height
        ),
        "changes": changed,
        "foreigners": statuses[0].filter(c("resident_no") >= count),
        "aliases": statuses[1].filter(c("resident_no") >= count),
        "items": draft.ledger.item_table(),
        "removed": copied_anew(residents, changed),
    }
    return Block(**{field.name: made.get(field.name, empty[field.name]) for field in fields(Block)})


def _numbered(found: Block, here: _Here, next_: dict[str, int]) -> Block:
    """`found` with the numbers of the whole population; those of changes begin at 0 behind all that were numbered."""
    there = {
        "residents": len(here.people.home), "households": here.plan.households,
        "addresses": here.block.addresses.height, "changes": 0, "removed": 0,
    }  # fmt: skip
    tables = {}
    for name in TABLES:
        frame: pl.DataFrame = getattr(found, name)
        moved = []
        for column in (column for column in frame.columns if column in MOVED):
            counter = MOVED[column]
            least = there[counter]
            old = c(column).cast(pl.Int64) < least
            new = c(column).cast(pl.Int64) - least + next_[counter]
            moved.append(
                pl.when(old).then(c(column).cast(pl.Int64) + here.first[counter]).otherwise(new).cast(pl.UInt32)
            )
        tables[name] = frame.with_columns(moved)
    return Block(**tables)


def _together(sofar: Population, window: Window, parts: list[Block]) -> Population:
    tables = {name: pl.concat([getattr(part, name) for part in parts]) for name in TABLES}
    first = sofar.changes.height
    loose = tables["changes"].with_columns(c("change_no", "cancels") - first)
    ordered, number = in_order(loose)
    tables["changes"] = ordered.with_columns(c("change_no", "cancels") + first)
    places = number.gather(tables["items"]["change_no"] - first)
    tables["items"] = tables["items"].with_columns(change_no=places + first)
    return Population(
        sofar.municipality, window, **{name: TABLES[name].conform(frame) for name, frame in tables.items()}
    )


def joined(sofar: Population, more: Population) -> Population:
    """`sofar` with the rows of `more` behind its own; the window of both."""
    tables = {name: pl.concat([getattr(sofar, name), getattr(more, name)]) for name in TABLES}
    return Population(sofar.municipality, Window(sofar.window.start, more.window.end), **tables)


def grown(
    spec: PopulationSpec, place: Municipality, windows: Sequence[Window], stream: Stream
) -> tuple[Base, Population]:
    """The people of the first of `windows`, and what they are after every growth by the others.

    Raises:
        UsageError: as of `grow`.
    """
    base = Base.of(spec, place, windows[0], stream)
    people = base.whole
    for number, window in enumerate(windows[1:], 1):
        people = joined(people, grow(base, people, window, number))
    return base, people


def seen(people: Population, window: Window) -> Population:
    """`people` as whoever works in the days of `window` meets them: who is gone before is never there.

    Household, address and names are those of the first day; changes are those of these days.
    """
    first = window.start
    present = as_of(people, first - timedelta(days=1)).residents
    others = people.residents.filter(~c("resident_no").is_in(present["resident_no"].implode()))
    gone = pl.when(c("resident_since") < first).then(pl.lit(window.end)).otherwise("resident_since")
    residents = pl.concat([present, others.with_columns(resident_since=gone)]).sort("resident_no")
    return replace(
        people,
        window=window,
        residents=residents,
        changes=people.changes.filter(c("notified_on") >= first),
        protections=people.protections.filter(c("valid_to") > first),
    )
