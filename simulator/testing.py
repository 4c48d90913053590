"""What the pytest fixtures hand out: a world kept between tests and sessions, a resident to aim at, the log so far."""

import dataclasses
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from simulator.cases.edges import EDGES
from simulator.errors import UnknownNameError, UsageError
from simulator.face import World, cached
from simulator.live.desk import Live
from simulator.live.opening import pseudonymizer
from simulator.live.tables import EVENT_LIVE
from simulator.population import Population
from simulator.pseudonym import Realm
from simulator.pseudonym.text import to_text
from simulator.schema import EVENT

Row = dict[str, Any]
c = pl.col
_ADULT_YEARS = 20
_CLERK_ROLES = ("R01", "R02", "R03", "R04")
"""Roles of the counter: those whom a test most often asks as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a test wants, in the words of ``@pytest.mark.jukisim(…)``.

    Attributes:
        scenario: name of a shipped one, or the path of a TOML file.
        seed: of the run.
        residents: another number than the scenario's.
        days: another number than the scenario's.
        municipality: six digits; needed where the scenario has several.
        resident: name of an edge case that the fixture ``resident`` is to be; an ordinary adult if not given.
    """

    scenario: str = "village"
    seed: int = 3
    residents: int | None = None
    days: int | None = None
    municipality: str | None = None
    resident: str | None = None

    @classmethod
    def of(cls, values: Row) -> "Wish":
        """Read the keywords of the marker.

        Raises:
            UnknownNameError: one that there is not.
        """
        known = list(inspect.signature(cls).parameters)
        for name in values:
            if name not in known:
                raise UnknownNameError("keyword", name, known, "@pytest.mark.jukisim")
        return cls(**values)

    @property
    def run(self) -> "Wish":
        """The wish as far as it says which run; worlds are kept by it."""
        return dataclasses.replace(self, municipality=None, resident=None)


@dataclass(slots=True)
class Worlds:
    """The worlds of a session, and the folder in which later sessions find them.

    Attributes:
        folder: of the runs.
    """

    folder: Path
    _open: dict[Wish, World] = field(default_factory=dict)
    _people: dict[tuple[Wish, str | None], Population] = field(default_factory=dict)
    _events: dict[Wish, pl.DataFrame] = field(default_factory=dict)

    def world(self, wish: Wish) -> World:
        """The world of `wish`, made if no session made it before."""
        key = wish.run
        if key not in self._open:
            values = {"residents": wish.residents, "days": wish.days}
            self._open[key] = cached(wish.scenario, seed=wish.seed, folder=self.folder, **values)
        return self._open[key]

    def people(self, wish: Wish) -> Population:
        """The register of `wish`."""
        key = (wish.run, wish.municipality)
        if key not in self._people:
            self._people[key] = self.world(wish).population(wish.municipality)
        return self._people[key]

    def events(self, wish: Wish) -> pl.DataFrame:
        """The audit events of the run of `wish`."""
        if wish.run not in self._events:
            self._events[wish.run] = self.world(wish).run.table("event")
        return self._events[wish.run]


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The audit log as a test sees it.

    Attributes:
        events: of the run, before the test.
        live: the run in use; what is asked of it goes to a log that only this test has.
    """

    events: pl.DataFrame
    live: Live

    @property
    def new(self) -> pl.DataFrame:
        """The events that this test has left so far, with what the live log keeps beside (detail, link)."""
        rows = self.live.journal.select("SELECT * FROM event ORDER BY event_id")
        frame = pl.DataFrame(rows, schema_overrides=EVENT_LIVE.polars, schema=EVENT_LIVE.polars if not rows else None)
        return frame.with_columns(c("at").cast(pl.Datetime("ms", "UTC")).cast(EVENT["at"].dtype))


def resident(people: Population, wish: Wish, world: World) -> Row:
    """The resident to aim at: columns of the table ``resident``, the address as text, and the handle for asking.

    Raises:
        UnknownNameError: there is no such edge case.
        UsageError: nobody of this register is one; the message says which there are.
    """
    number = _ordinary(people) if wish.resident is None else _edge(people, wish.resident)
    return row(people, number, world)


def household(people: Population, member: Row, world: World) -> list[Row]:
    """Everyone of the household of `member` who is in the register, the head first, as `resident`."""
    home = people.residents.filter(c("household_no") == member["household_no"])
    order = home.sort(c("relationship").cast(pl.String) != "世帯主", "birth_date", maintain_order=True)
    return [row(people, number, world) for number in order["resident_no"]]


def row(people: Population, number: int, world: World) -> Row:
    """The resident `number` as a dictionary."""
    found = people.residents.row(number, named=True)
    desk = pseudonymizer(_keys(world), Realm(f"jp.sim/{people.municipality.code}/desk"))
    where = people.addresses.row(found["address_no"], named=True)
    return {
        **found,
        "address": where["address"],
        "postal_code": where["postal_code"],
        "district": where["district"],
        "handle": to_text(desk.one("resident", found["resident_code"])),
    }


def clerk(live: Live) -> str:
    """The staff number of somebody at the counter who has an account and a desk.

    Raises:
        UsageError: the office has nobody such.
    """
    entitled = set(live.office.accounts["staff_no"].to_list())
    for role in _CLERK_ROLES:
        for code, member in sorted(live.office.members.items()):
            if member.role == role and member.terminal and member.staff_no in entitled:
                return code
    raise UsageError("nobody of this office works at the counter: take a scenario with a larger office")


def _keys(world: World) -> Path:
    return world.path.with_name(world.path.name + ".keys")


def _ordinary(people: Population) -> int:
    start = people.window.start
    adult = c("birth_date").dt.offset_by(f"{_ADULT_YEARS}y") <= start
    settled = (c("resident_since") < start) & (c("nationality") == "JP") & (c("birth_known") == "day")
    busy = pl.concat([people.changes["resident_no"], people.protections["resident_no"]]).unique()
    families = people.households.filter(c("kind") == "couple_children")["household_no"]
    calm = ~c("resident_no").is_in(busy.implode()) & c("household_no").is_in(families.implode())
    found = people.residents.filter(adult & settled & calm)
    if not found.height:
        raise UsageError("this register has no ordinary adult in a family: take more residents")
    return int(found["resident_no"][0])


def _edge(people: Population, name: str) -> int:
    edges = {edge.name: edge for edge in EDGES}
    if name not in edges:
        raise UnknownNameError("edge case", name, edges)
    who = edges[name].find(people)["resident_no"]
    if not len(who):
        there = ", ".join(other.name for other in EDGES if other.find(people).height)
        msg = f"nobody of this register is {name}; it has {there}. Take more residents, or another seed"
        raise UsageError(msg)
    return int(who[0])
