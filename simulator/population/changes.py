"""Turns the cast of the great stories into changes of record: moves, births, deaths, marriages, divorces."""

import numpy as np

from simulator.population import stories
from simulator.population.bridge import ASSUMED_CARD, arrival_notices, crossing, leaving_days
from simulator.population.days import DEATH_NOTICE_DAYS, MOVE_NOTICE_DAYS
from simulator.population.details import far_register, maiden_names, own_given
from simulator.population.ledger import NOWHERE, Aside
from simulator.population.people import People
from simulator.population.pool import NONE, Bools, pool, relationship_number
from simulator.population.rates import ASSUMED_DIVORCED_AWAY
from simulator.population.roles import roles
from simulator.population.scene import Scene
from simulator.population.stories import Cast, minor
from simulator.streams import Ints
from simulator.world.elsewhere import COUNTRIES, PLACES

ASSUMED_HUSBANDS_NAME = 0.95  # Source: domain.md 6.1, about 95 % of couples
ASSUMED_MAIDEN_AGAIN = 0.6  # of divorced wives, so many take their former surname again
ASSUMED_ABROAD = (0.012, 0.35)  # of Japanese and of foreign households that leave, so many leave Japan
CONFIRMED_WITHIN = 12  # ASSUMED days until another municipality tells of the move in


def wanted_addresses(cast: Cast) -> int:
    """The most addresses that the stories can take into use."""
    moving = (stories.WITHIN, stories.LEAVING, stories.DIVORCE, stories.UNDONE)
    return cast.arrivals + sum(len(cast.households(story)) for story in moving) + len(cast.grooms)


def play(scene: Scene) -> None:
    """Note the changes of all great stories but arrivals and births, which bring new residents."""
    _move_out(scene)
    _move_within(scene)
    _leave(scene)
    _die(scene)
    _marry(scene)
    _divorce(scene)


def depart(
    scene: Scene, name: str, members: Ints, at: Ints, days: tuple[Ints, Ints], *, near: Bools | None = None
) -> None:
    """Note that `members` leave, each at the days of the household `at`: for another municipality or abroad.

    Households that are `near` go to the partner of the block, which tells of it when they have come.
    """
    happened, notices = days
    foreign = ~scene.japanese(members)
    u = scene.stream.unit(f"{name}_abroad", len(happened))[at]
    near = np.zeros(len(happened), dtype=np.bool_) if near is None else near
    abroad = (u < np.where(foreign, ASSUMED_ABROAD[1], ASSUMED_ABROAD[0])) & ~near[at]
    far = scene.stream.below(f"{name}_to", len(happened), PLACES)
    to = np.where(near, scene.partner, far)[at]
    usual = scene.days.later(happened + 2 + scene.stream.below(f"{name}_told", len(happened), CONFIRMED_WITHIN))
    told = np.where(near, arrival_notices(scene.stream, scene.days, happened), usual)[at]
    home, address = scene.home(members)
    card = scene.stream.chance(f"{name}_card", len(happened), ASSUMED_CARD)[at] & ~abroad
    for reason, rows in (("転出", ~abroad & ~card), ("特例転出", card), ("国外転出", abroad)):
        there = np.where(abroad, PLACES + to % COUNTRIES, to)[rows]
        aside = Aside(elsewhere=there, confirmed=NOWHERE if reason == "国外転出" else told[rows])
        where = (home[rows], NOWHERE, address[rows], NOWHERE)
        scene.ledger.note(reason, members[rows], (happened[at][rows], notices[at][rows]), where, aside)


def _move_out(scene: Scene) -> None:
    households = scene.cast.households(stories.OUT)
    members, at = scene.members(households)
    days = leaving_days(scene.stream, scene.days, len(households))
    there = np.zeros(len(households), dtype=np.bool_)
    if scene.partner != NOWHERE:
        there[crossing(scene.stream, scene.people, scene.cast)] = True
    depart(scene, "out", members, at, days, near=there)


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
    depart(scene, "leave", members, np.arange(len(members)), (happened, notices))


def _die(scene: Scene) -> None:
    members, people = scene.cast.dying, scene.people
    notices = scene.notices("death", len(members))
    happened = scene.days.before(scene.stream, "death_day", notices, DEATH_NOTICE_DAYS)
    home, address = scene.home(members)
    scene.ledger.note("死亡", members, (happened, notices), (home, NOWHERE, address, NOWHERE))
    head = (members == people.first[home]) & (people.size[home] > 1)
    follow = _successors(people, members[head])
    hand_over(scene, follow, (happened[head], notices[head]), dead=members[head])


def hand_over(scene: Scene, follow: Ints, days: tuple[Ints, Ints], dead: Ints | None = None) -> None:
    """Let `follow` head their households; whoever is something else to the new head than to the old one is noted."""
    people = scene.people
    members, at = scene.members(people.home[follow])
    alive = np.ones(len(members), dtype=np.bool_) if dead is None else members != dead[at]
    new = roles().of(people, members, follow[at])
    old = pool().relationship[people.source[members]]
    rows = np.flatnonzero(alive & (new != old))
    when = days[0][at][rows], days[1][at][rows]
    changes = scene.stay("世帯主変更", members[rows], when)
    scene.relationships(changes, (old[rows], new[rows]), when[0])


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
    notices = scene.notices("marriage", len(grooms))
    his_name = scene.stream.chance("husbands_name", len(grooms), ASSUMED_HUSBANDS_NAME)
    local = scene.japanese(grooms) & scene.japanese(brides)
    town = far_register(scene.stream, "marriage_register", len(grooms))
    given = own_given(scene.identity.given[np.where(his_name, grooms, brides)])
    for spouse, other, keeps in ((grooms, brides, his_name), (brides, grooms, ~his_name)):
        changes = scene.stay("婚姻", spouse, (notices, notices))
        takes = np.flatnonzero(local & ~keeps)
        rows = scene.identity.family[spouse][takes], scene.identity.family[other][takes]
        scene.surname(changes[takes], rows, notices[takes])
        new = np.flatnonzero(local)
        scene.register(changes[new], spouse[new], town.hstack([given])[new], notices[new])
    his = people.size[people.home[grooms]] == 1
    hers = ~his & (people.size[people.home[brides]] == 1)
    neither = ~his & ~hers
    _join(scene, brides[his], grooms[his], notices[his], "妻")
    _join(scene, grooms[hers], brides[hers], notices[hers], "夫")
    _found(scene, (grooms[neither], brides[neither]), notices[neither])


def _become(scene: Scene, changes: Ints, members: Ints, word: str, since: Ints) -> None:
    """Say that `changes` made `members` `word` to the head."""
    old = pool().relationship[scene.people.source[members]]
    scene.relationships(changes, (old, np.full(len(members), relationship_number(word))), since)


def _join(scene: Scene, comers: Ints, hosts: Ints, notices: Ints, word: str) -> None:
    home, address = scene.home(comers)
    to, at = scene.home(hosts)
    changes = scene.ledger.note("転居", comers, (notices, notices), (home, to, address, at))
    _become(scene, changes, comers, word, notices)


def _found(scene: Scene, couple: tuple[Ints, Ints], notices: Ints) -> None:
    addresses = scene.ledger.addresses(len(notices))
    new = scene.ledger.households(couple[0], "couple", addresses)
    for spouse, word in zip(couple, ("世帯主", "妻"), strict=True):
        home, address = scene.home(spouse)
        changes = scene.ledger.note("転居", spouse, (notices, notices), (home, new, address, addresses))
        _become(scene, changes, spouse, word, notices)


def _divorce(scene: Scene) -> None:
    """One spouse leaves, a mother with the minors who are hers; half of them stay in the municipality."""
    households, people = scene.cast.households(stories.DIVORCE), scene.people
    head, other = people.first[households], people.first[households] + 1
    notices = scene.notices("divorce", len(households))
    wife_leads = ~pool().male[people.source[head]]
    for spouse, is_wife in ((head, wife_leads), (other, ~wife_leads)):
        changes = scene.stay("離婚", spouse, (notices, notices))
        _part(scene, changes, spouse, notices, is_wife)
    away = scene.stream.chance("divorce_away", len(households), ASSUMED_DIVORCED_AWAY)
    members, at = scene.members(households)
    goes = (members == other[at]) | _follows(people, members, other[at])
    out = goes & away[at]
    depart(scene, "divorce", members[out], at[out], (notices, notices))
    _settle(scene, (members, at, goes & ~away[at]), other, notices, away)


def _part(scene: Scene, changes: Ints, spouse: Ints, notices: Ints, is_wife: Bools) -> None:
    """The wife leaves the family register, and more often than not takes her former surname again."""
    rows = np.flatnonzero(is_wife & scene.japanese(spouse))
    wives = spouse[rows]
    again = scene.stream.chance("maiden_again", len(spouse), ASSUMED_MAIDEN_AGAIN)[rows]
    maiden = maiden_names(scene.stream, scene.people)[wives]
    names = scene.identity.family[wives], np.where(again, maiden, scene.identity.family[wives])
    scene.surname(changes[rows], names, notices[rows])
    new = far_register(scene.stream, "divorce_register", len(spouse))[rows].hstack(
        [own_given(scene.identity.given[wives])]
    )
    scene.register(changes[rows], wives, new, notices[rows])


def _settle(scene: Scene, who: tuple[Ints, Ints, Bools], other: Ints, notices: Ints, away: Bools) -> None:
    """The one who leaves and stays in the municipality founds a household."""
    members, at, stay = who
    home, address = scene.home(members)
    addresses = scene.ledger.addresses(int((~away).sum()))
    new = np.full(len(other), NOWHERE)
    to = new.copy()
    new[~away] = scene.ledger.households(other[~away], "lone_parent", addresses)
    to[~away] = addresses
    where = (home[stay], new[at][stay], address[stay], to[at][stay])
    changes = scene.ledger.note("転居", members[stay], (notices[at][stay],) * 2, where)
    leads = np.flatnonzero(members[stay] == other[at][stay])
    _become(scene, changes[leads], members[stay][leads], "世帯主", notices[at][stay][leads])


def _follows(people: People, members: Ints, leaver: Ints) -> Bools:
    """Minors whose mother is the leaver."""
    follows: Bools = minor(people, members) & (_mothers(people, members) == leaver)
    return follows


def _mothers(people: People, members: Ints) -> Ints:
    place = pool().mother[people.source[members]]
    return np.where(place == NONE, -1, people.first[people.home[members]] + place)
