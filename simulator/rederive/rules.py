"""What must be so for each archetype, written as a judge would ask, and nothing of how it was played."""

from collections.abc import Callable
from typing import NamedTuple

from simulator.rederive.facts import Episode, Facts

MUNICIPAL_WORK_BEGINS, MUNICIPAL_WORK_ENDS = 7, 22


class Rule(NamedTuple):
    """One thing that must be so.

    Attributes:
        says: what is wrong where it is not.
        holds: whether it is so.
    """

    says: str
    holds: Callable[[Facts, Episode], bool]


def _seen(e: Episode) -> set[int]:
    return {row["resident_no"] for row in e.events if row["resident_no"] is not None}


def _owns(f: Facts, e: Episode) -> set[int]:
    return {own for no in e.who if (own := f.own(no)) is not None}


def _each(f: Facts, e: Episode, near: Callable[[Facts, int, int], bool]) -> bool:
    """Whether each victim stands so to somebody of those who did it."""
    owns = _owns(f, e)
    return bool(owns) and all(any(near(f, own, victim) for own in owns) for victim in e.victims)


def _acquainted(f: Facts, own: int, other: int) -> bool:
    mine, theirs = f.people[own], f.people[other]
    close = any(no == other and what in ("classmate", "friend") for no, what in f.related.get(own, []))
    near = mine["address_no"] == theirs["address_no"] or mine["block"] == theirs["block"]
    return close or near or other in _records(f)


def _records(f: Facts) -> set[int]:
    return {row["resident_no"] for row in f.staff.values() if row["resident_no"] is not None}


def _known(*kinds: str) -> Callable[[Facts, Episode], bool]:
    """Victims are residents of interest of these kinds, if the town has any."""

    def holds(f: Facts, e: Episode) -> bool:
        there = {no for no, kind in f.figures.items() if kind in kinds}
        return not there or e.victims <= there

    return holds


def _stated(f: Facts, e: Episode) -> bool:
    """A forged number is in no list, or under the victim; a borrowed one under somebody else; none is none."""
    for row in e.events:
        listed = {case["resident_no"] for case in f.cases.get(row["case_no"], [])}
        status, number = row["reason_status"], row["case_no"]
        if status == "none" and number is not None and row["action"] != "export":
            return False
        if status == "forged" and number is not None and listed and not listed & e.victims:
            return False
        if status == "borrowed" and number is None and row["action"] not in ("login", "logout"):
            return False
    return True


def _neighbourly(f: Facts, e: Episode) -> bool:
    """Whoever's session was used sits in the section of the culprit."""
    if e.culprit is None:
        return True
    sections = {f.staff[no]["section"] for no in e.actors}
    section: str = f.staff[e.culprit]["section"]
    return section in sections


def _lost(f: Facts, e: Episode) -> bool:
    """What was asked by the old post is no work of the section; and who is said to have been moved has been."""
    old = [row for row in e.events if row["stage"] == "by the old post"]
    foreign = all(row["purpose"] not in f.purposes[row["section"]] for row in old)
    ended = [post["valid_to"] for no in e.actors for post in f.posts[no] if post["valid_to"] is not None]
    first = e.events[0]["at"].date()
    return foreign and (e.relation != "person of an old case" or any(day <= first for day in ended))


def _again(f: Facts, e: Episode) -> bool:
    """Each list was drawn before by the same section for the same purpose."""
    mine = {row["event_id"] for row in e.events}
    return all(
        any(
            other["event_id"] not in mine and other["section"] == row["section"] and other["purpose"] == row["purpose"]
            and other["at"].date() == row["at"].date() and other["at"] < row["at"]
            for other in f.exports
        )
        for row in e.events
    )  # fmt: skip


def _returns(f: Facts, e: Episode) -> bool:
    """Everybody looked at is one person or of that person's family."""
    return any(e.victims <= {victim} | f.kin(victim) for victim in e.victims)


def _guarded(f: Facts, e: Episode) -> bool:
    return all(victim in f.protected or f.kin(victim) & f.protected for victim in e.victims)


def _alone(f: Facts, e: Episode) -> bool:
    return all(
        f.people[no]["age"] >= 60 and len(f.homes[f.people[no]["household_no"]]) == 1  # noqa: PLR2004 - the least knob
        for no in e.victims
    )


def _year(f: Facts, e: Episode) -> bool:
    ages: list[int] = [f.people[no]["age"] for no in e.victims]
    return max(ages) - min(ages) <= 2  # noqa: PLR2004 - a year on either side of the friend's


def _strangers(f: Facts, e: Episode) -> bool:
    return all(not (f.kin(own) | {own}) & e.victims for own in _owns(f, e))


def _proxy(f: Facts, e: Episode) -> bool:
    asker = e.instigator
    return asker is not None and f.staff[asker]["section"] not in f.entitled and asker not in e.actors


def _one_after_another(_: Facts, e: Episode) -> bool:
    return len(e.victims) == 1 and len(e.actors) > 1 and len(_seen(e)) <= 1


def _at_work(f: Facts, e: Episode) -> bool:
    home = _records(f)
    near = home | {no for own in home for no in f.homes[f.people[own]["household_no"]]}
    return e.victims <= near and not e.victims & _owns(f, e)


def _newest(f: Facts, e: Episode) -> bool:
    latest = max(row["hired_on"] for no, row in f.staff.items() if f.posts[no])
    return all(f.staff[no]["hired_on"] <= latest and f.staff[no]["hired_on"].year >= latest.year - 1 for no in e.actors)


def _familiar(f: Facts, e: Episode) -> bool:
    names = _owns(f, e) | _records(f) | {no for no, kind in f.figures.items() if kind in ("celebrity", "politician")}
    return e.victims <= names


def _namesake(f: Facts, e: Episode) -> bool:
    """The stated case, where the list has it, is of somebody of the victim's surname."""
    names = {f.people[no]["family_name"] for no in e.victims}
    stated = [case["resident_no"] for row in e.events for case in f.cases.get(row["case_no"], [])]
    return all(f.people[no]["family_name"] in names for no in stated)


def _superior(f: Facts, e: Episode) -> bool:
    """A superior, or one who does it for a superior."""
    if e.instigator is not None:
        return bool(f.staff[e.instigator]["supervisor"]) or e.instigator in e.actors
    return all(f.staff[no]["supervisor"] for no in e.actors)


def _at_night(_: Facts, e: Episode) -> bool:
    hours = {row["at"].hour for row in e.events}
    return all(not MUNICIPAL_WORK_BEGINS <= hour < MUNICIPAL_WORK_ENDS for hour in hours)


EVERY = (
    Rule("an event is asked by somebody whom the episode does not name",
         lambda _, e: {row["staff_no"] for row in e.events} == e.actors),
    Rule("an event is about somebody whom the episode does not name", lambda _, e: _seen(e) <= e.victims),
    Rule("a stated case is not what reason_status says", _stated),
    Rule("the session of somebody of another section was used", _neighbourly),
)  # fmt: skip
RULES: dict[str, tuple[Rule, ...]] = {
    "M01": (Rule("a victim is not well known", _known("celebrity", "politician", "executive")),),
    "M02": (Rule("a victim is no neighbour, classmate, friend or colleague", lambda f, e: _each(f, e, _acquainted)),),
    "M03": (Rule("the looks are about more than one person and their family", _returns),),
    "M04": (Rule("a victim is neither the actor nor kin",
                 lambda f, e: _each(f, e, lambda g, own, victim: victim == own or victim in g.kin(own))),),
    "M05": (Rule("the victims are not of one school year", _year),),
    "M06": (Rule("nobody without entitlement asked for it", _proxy),),
    "M07": (Rule("a victim is of the actor's own family", _strangers),),
    "M08": (Rule("a victim is not old and alone", _alone),),
    "M09": (Rule("a victim is neither protected nor kin of somebody protected", _guarded),),
    "M10": (Rule("a list was drawn that no work had drawn before", _again),),
    "M11": (Rule("a list was drawn that no work had drawn before", _again),
            Rule("the actor is not of the systems section",
                 lambda _, e: all(row["section"] == "systems" for row in e.events))),
    "M12": (Rule("it is no crowd on one resident", _one_after_another),
            Rule("the victim is not in the news", _known("newsworthy"))),
    "M13": (Rule("the victim is not in public life", _known("politician")), Rule("no superior had a part", _superior)),
    "M14": (Rule("a victim is neither a colleague nor of a colleague's household", _at_work),),
    "M15": (Rule("the right was never lost", _lost),),
    "M16": (Rule("the actor is not new", _newest), Rule("a name is not familiar", _familiar)),
    "M17": (Rule("the log was not read", lambda _, e: all(row["screen"] == "audit" for row in e.events)),
            Rule("a victim is no colleague", lambda f, e: e.victims <= _records(f))),
    "E1": (Rule("the victim is not protected, and the town has protected people",
                lambda f, e: not f.protected or e.victims <= f.protected),),
    "E2": (Rule("the victim is not protected, and the town has protected people",
                lambda f, e: not f.protected or e.victims <= f.protected),),
    "E3": (Rule("the stated case is of somebody of another surname", _namesake),),
    "C01": (Rule("it was not in the night", _at_night),),
}  # fmt: skip
