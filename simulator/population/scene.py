"""What every story of a block needs: who is there, when offices are open, and where changes are noted."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.population.days import MOVE_NOTICE_DAYS, OfficeDays
from simulator.population.foreign import Foreign
from simulator.population.identity import Identity
from simulator.population.ledger import Aside, Ledger
from simulator.population.party import Party
from simulator.population.people import People
from simulator.population.pool import Bools
from simulator.population.stories import Cast
from simulator.schema.people import RELATIONSHIPS
from simulator.streams import Ints, Stream
from simulator.world.given_names import given_names
from simulator.world.numbers import NumberEmitter
from simulator.world.surnames import surnames


@dataclass(frozen=True, slots=True)
class Scene:
    """What every story needs.

    Attributes:
        party: who lives there at first.
        homes: the address of each household.
        cast: who is in which story.
        days: office days.
        ledger: where changes are noted.
        foreign: statuses of the foreign members.
        parents_home: for each household, the household of the head's parents if it is at the same address; else −1.
        emitter: of the nation.
        first_number: the block's place in the numbering of the nation.
        columns: the resident columns of each member.
        statuses: table ``foreign_resident`` of the foreign members.
        partner: where crossing households go, as a row of `origin_texts`; −1 for none.
    """

    party: Party
    homes: Ints
    cast: Cast
    days: OfficeDays
    ledger: Ledger
    foreign: Foreign
    parents_home: Ints
    emitter: NumberEmitter
    first_number: int
    columns: pl.DataFrame
    statuses: pl.DataFrame
    partner: int

    @property
    def stream(self) -> Stream:
        """Of the block."""
        return self.party.stream

    @property
    def people(self) -> People:
        """Who lives there at first."""
        return self.party.people

    @property
    def identity(self) -> Identity:
        """Their names."""
        return self.party.identity

    def members(self, households: Ints) -> tuple[Ints, Ints]:
        """All members of `households`, and the place of each one's household in that array."""
        size = self.people.size[households]
        at = np.repeat(np.arange(len(households)), size)
        place = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
        return self.people.first[households][at] + place, at

    def moves(self, name: str, count: int) -> tuple[Ints, Ints]:
        """When moves happened and were notified."""
        notices = self.days.notices(self.stream, f"{name}_notice", count, seasonal=True)
        return self.days.before(self.stream, f"{name}_day", notices, MOVE_NOTICE_DAYS), notices

    def notices(self, name: str, count: int) -> Ints:
        """Office days of `count` notices that know no season."""
        return self.days.notices(self.stream, f"{name}_notice", count, seasonal=False)

    def home(self, members: Ints) -> tuple[Ints, Ints]:
        """Household and address of `members` at first."""
        household = self.people.home[members]
        return household, self.homes[household]

    def stay(self, reason: str, members: Ints, days: tuple[Ints, Ints], aside: Aside | None = None) -> Ints:
        """Note a change of `members` that moves nobody."""
        home, address = self.home(members)
        return self.ledger.note(reason, members, days, (home, home, address, address), aside)

    def since(self, members: Ints) -> Ints:
        """Since when `members` are residents."""
        return self.party.since[members]

    def item(self, changes: Ints, name: str, texts: tuple[pl.Series, pl.Series], since: Ints) -> None:
        """Say that `changes` changed item `name` from the first text to the second."""
        self.ledger.item(changes, name, texts[0], texts[1], since)

    def relationships(self, changes: Ints, numbers: tuple[Ints, Ints], since: Ints) -> None:
        """Say that `changes` changed the relationship to the head."""
        words = pl.Series(RELATIONSHIPS.categories.to_list())
        self.item(changes, "relationship", (words[numbers[0]], words[numbers[1]]), since)

    def surname(self, changes: Ints, rows: tuple[Ints, Ints], since: Ints) -> None:
        """Say that `changes` changed the surname, kana included."""
        names = surnames()[0].names
        for item, column in (("family_name", "name"), ("family_kana", "kana")):
            self.item(changes, item, (names[column][rows[0]], names[column][rows[1]]), since)

    def given(self, changes: Ints, rows: tuple[Ints, Ints], since: Ints) -> None:
        """Say that `changes` changed the given name, kana included."""
        names = given_names().listed.names
        for item, column in (("given_name", "name"), ("given_kana", "kana")):
            self.item(changes, item, (names[column][rows[0]], names[column][rows[1]]), since)

    def register(self, changes: Ints, members: Ints, new: pl.DataFrame, since: Ints) -> None:
        """Say that `changes` moved `members` to the family register `new`."""
        old = self.columns[members]
        for item in new.columns:
            self.item(changes, item, (old[item].cast(pl.String), new[item].cast(pl.String)), since)

    def japanese(self, members: Ints) -> Bools:
        """Whether each of `members` is Japanese."""
        found: Bools = self.identity.nation[members] == 0
        return found
