"""Turns the cast of stories into changes of record."""

from dataclasses import dataclass

import numpy as np

from simulator.population import stories
from simulator.population.days import DEATH_NOTICE_DAYS, MOVE_NOTICE_DAYS, OfficeDays
from simulator.population.ledger import NOWHERE, Ledger
from simulator.population.people import People
from simulator.population.pool import NONE, Bools, pool
from simulator.population.rates import ASSUMED_DIVORCED_AWAY
from simulator.population.stories import Cast, minor
from simulator.streams import Ints, Stream


@dataclass(frozen=True, slots=True)
class Scene:
    """What every story needs.

    Attributes:
        stream: of the block.
        people: who lives there at first.
        homes: the address of each household.
        cast: who is in which story.
        days: office days.
        ledger: where changes are noted.
    """

    stream: Stream
    people: People
    homes: Ints
    cast: Cast
    days: OfficeDays
    ledger: Ledger

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

    def home(self, members: Ints) -> tuple[Ints, Ints]:
        """Household and address of `members` at first."""
        household = self.people.home[members]
        return household, self.homes[household]


def wanted_addresses(cast: Cast) -> int:
    """The most addresses that the stories can take into use."""
    moving = sum(len(cast.households(story)) for story in (stories.WITHIN, stories.LEAVING, stories.DIVORCE))
    return cast.arrivals + moving + len(cast.grooms)


def play(scene: Scene) -> None:
    """Note the changes of all stories but arrivals and births, which bring new residents."""
    _move_out(scene)
    _move_within(scene)
    _leave(scene)
    _die(scene)
    _marry(scene)
    _divorce(scene)


def _move_out(scene: Scene) -> None:
    households = scene.cast.households(stories.OUT)
    members, at = scene.members(households)
    notices = scene.days.notices(scene.stream, "out_notice", len(households), seasonal=True)
    happened = scene.days.after(scene.stream, "out_day", notices, MOVE_NOTICE_DAYS)
    home, address = scene.home(members)
    scene.ledger.note("転出", members, (happened[at], notices[at]), (home, NOWHERE, address, NOWHERE))


def _move_within(scene: Scene) -> None:
    households = scene.cast.households(stories.WITHIN)
    members, at = scene.members(households)
    happened, notices = scene.moves("within", len(households))
    new = scene.ledger.addresses(len(households))
    home, address = scene.home(members)
    scene.ledger.note("転居", members, (happened[at], notices[at]), (home, home, address, new[at]))


def _leave(scene: Scene) -> None:
    members = scene.cast.leaving
    notices = scene.days.notices(scene.stream, "leave_notice", len(members), seasonal=True)
    happened = scene.days.after(scene.stream, "leave_day", notices, MOVE_NOTICE_DAYS)
    home, address = scene.home(members)
    scene.ledger.note("転出", members, (happened, notices), (home, NOWHERE, address, NOWHERE))


def _die(scene: Scene) -> None:
    members, people = scene.cast.dying, scene.people
    notices = scene.days.notices(scene.stream, "death_notice", len(members), seasonal=False)
    happened = scene.days.before(scene.stream, "death_day", notices, DEATH_NOTICE_DAYS)
    home, address = scene.home(members)
    scene.ledger.note("死亡", members, (happened, notices), (home, NOWHERE, address, NOWHERE))
    head = (members == people.first[home]) & (people.size[home] > 1)
    follow = _successors(people, members[head])
    place = scene.home(follow)
    scene.ledger.note("世帯主変更", follow, (happened[head], notices[head]), (place[0], place[0], place[1], place[1]))


def _successors(people: People, heads: Ints) -> Ints:
    """Who heads the household after its head: the spouse, or the eldest of the others."""
    spouse = pool().spouse[people.source[heads]]
    household = people.home[heads]
    size = people.size[household]
    best, oldest = heads + 1, people.birth[heads + 1].copy()
    for place in range(2, int(size.max(initial=0))):
        rows = np.flatnonzero(size > place)
        elder = people.birth[heads[rows] + place] < oldest[rows]
        best[rows[elder]], oldest[rows[elder]] = heads[rows[elder]] + place, people.birth[heads[rows[elder]] + place]
    return np.where(spouse != NONE, heads + spouse, best)


def _marry(scene: Scene) -> None:
    """Both marry; the couple lives where one of them lives alone, else in a new home of their own."""
    grooms, brides, people = scene.cast.grooms, scene.cast.brides, scene.people
    notices = scene.days.notices(scene.stream, "marriage_notice", len(grooms), seasonal=False)
    for spouse in (grooms, brides):
        home, address = scene.home(spouse)
        scene.ledger.note("婚姻", spouse, (notices, notices), (home, home, address, address))
    his = people.size[people.home[grooms]] == 1
    hers = ~his & (people.size[people.home[brides]] == 1)
    neither = ~his & ~hers
    _join(scene, brides[his], grooms[his], notices[his])
    _join(scene, grooms[hers], brides[hers], notices[hers])
    _found(scene, (grooms[neither], brides[neither]), notices[neither])


def _join(scene: Scene, comers: Ints, hosts: Ints, notices: Ints) -> None:
    home, address = scene.home(comers)
    to, at = scene.home(hosts)
    scene.ledger.note("転居", comers, (notices, notices), (home, to, address, at))


def _found(scene: Scene, couple: tuple[Ints, Ints], notices: Ints) -> None:
    addresses = scene.ledger.addresses(len(notices))
    new = scene.ledger.households(couple[0], "couple", addresses)
    for spouse in couple:
        home, address = scene.home(spouse)
        scene.ledger.note("転居", spouse, (notices, notices), (home, new, address, addresses))


def _divorce(scene: Scene) -> None:
    """One spouse leaves, a mother with the minors who are hers; half of them stay in the municipality."""
    households, people = scene.cast.households(stories.DIVORCE), scene.people
    head, other = people.first[households], people.first[households] + 1
    notices = scene.days.notices(scene.stream, "divorce_notice", len(households), seasonal=False)
    for spouse in (head, other):
        home, address = scene.home(spouse)
        scene.ledger.note("離婚", spouse, (notices, notices), (home, home, address, address))
    away = scene.stream.chance("divorce_away", len(households), ASSUMED_DIVORCED_AWAY)
    members, at = scene.members(households)
    goes = (members == other[at]) | _follows(people, members, other[at])
    home, address = scene.home(members)
    out = goes & away[at]
    scene.ledger.note("転出", members[out], (notices[at][out],) * 2, (home[out], NOWHERE, address[out], NOWHERE))
    addresses = scene.ledger.addresses(int((~away).sum()))
    new = np.full(len(households), NOWHERE)
    to = new.copy()
    new[~away] = scene.ledger.households(other[~away], "lone_parent", addresses)
    to[~away] = addresses
    stay = goes & ~away[at]
    where = (home[stay], new[at][stay], address[stay], to[at][stay])
    scene.ledger.note("転居", members[stay], (notices[at][stay],) * 2, where)


def _follows(people: People, members: Ints, leaver: Ints) -> Bools:
    """Minors whose mother is the leaver."""
    follows: Bools = minor(people, members) & (_mothers(people, members) == leaver)
    return follows


def _mothers(people: People, members: Ints) -> Ints:
    place = pool().mother[people.source[members]]
    return np.where(place == NONE, -1, people.first[people.home[members]] + place)
