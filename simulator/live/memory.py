"""What is remembered from the live log: counts, approvals, sessions, changes, and what waits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from simulator.access.ask import Ask
from simulator.access.live import Past
from simulator.clock import DAY_MS, JST, from_ms, to_ms
from simulator.live.office import Member
from simulator.live.overlay import Overlay
from simulator.live.people import NOBODY, People
from simulator.live.question import BadValueError, Row
from simulator.live.sessions import Session, ends_ms
from simulator.live.strangers import NOWHERE

if TYPE_CHECKING:
    from simulator.live.desk import Live

CITIZEN = "R23"
"""The role of residents who ask who looked at them; they are no staff."""
_NO_STAFF = f"(role = '{CITIZEN}' OR '{NOWHERE}' IN (section, terminal))"
_RELEASES = "('approve', 'override')"
_PAST = "event_id, at, actor, section, terminal, action, purpose, resident, decision, session_id, auth_method"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody else of the section must release or review.

    Attributes:
        event: number of its event.
        what: approval or review.
        past: the request.
        reason: stated when the glass was broken.
    """

    event: int
    what: str
    past: Past
    reason: str | None


def restore(live: "Live") -> None:
    """Read approvals, break-glass, changes and sessions of the whole live log into `live`."""
    for row in live.journal.select(
        "SELECT at, resident, detail FROM event WHERE action = 'update' AND detail IS NOT NULL ORDER BY event_id"
    ):
        record(live.register, live.people, row)
    released = live.journal.select(f"SELECT {_PAST} FROM event WHERE action IN {_RELEASES} ORDER BY event_id")  # noqa: S608 - our own names
    live.gate.recall(_past(live, row) for row in released)
    last = live.journal.select("SELECT max(session_id) AS number, max(at) AS at FROM event")[0]
    if last["number"] is not None:
        live.sessions.refused(last["number"])
        _sessions(live, last["at"] - DAY_MS)


def record(register: Overlay, people: People, row: Row) -> int:
    """Lay what the event `row` recorded over `register`; gives whom it was about."""
    detail, day = json.loads(row["detail"]), from_ms(row["at"]).date()
    if "entry" in detail:
        return enter(register, people, detail["entry"], day)
    number = people.by_token(row["resident"])
    register.apply(number, detail, day)
    return number


def enter(register: Overlay, people: People, entry: Row, day: date) -> int:
    """Add a newcomer to `register` and let `people` know; gives the new resident_no."""
    number = register.enter(entry, day)
    (row,) = register.persons([number])
    people.add(number, row["resident_code"], row["household_no"])
    return number


def _sessions(live: "Live", since_ms: int) -> None:
    rows = live.journal.select(
        "SELECT session_id, at, actor, role, terminal, auth_method, action FROM event WHERE at >= :since "
        "AND action IN ('login', 'logout') AND decision = 'allow' ORDER BY event_id",
        since=since_ms,
    )
    for row in rows:
        staff = live.office.by_actor[row["actor"]].staff_no
        until = ends_ms(row["role"], row["at"])
        session = Session(row["session_id"], staff, row["terminal"], row["auth_method"], until)
        (live.sessions.keep if row["action"] == "login" else live.sessions.end)(session)


def recall(live: "Live", day: date) -> None:
    """Let gate and rate control know what was asked on `day`, unless they do."""
    if day.toordinal() in live.recalled:
        return
    live.recalled.add(day.toordinal())
    if live.nation is not None:
        live.register.receive(live.nation.received(live.register))
    rows = _of_day(live, day, f"action NOT IN {_RELEASES}")
    live.gate.recall(_past(live, row) for row in rows)
    live.rate.recall((live.office.by_actor[row["actor"]].staff_no, row["at"]) for row in _of_day(live, day, "TRUE"))


def _of_day(live: "Live", day: date, condition: str) -> list[Row]:
    low = to_ms(datetime.combine(day, time(), JST))
    return live.journal.select(
        f"SELECT {_PAST} FROM event WHERE at >= :low AND at < :high AND NOT {_NO_STAFF} AND {condition} "  # noqa: S608 - our own
        "ORDER BY event_id",
        low=low, high=low + DAY_MS,
    )  # fmt: skip


def _past(live: "Live", row: Row) -> Past:
    needed = row["action"] in ("approve", "override") or row["decision"] == "approval"
    known = needed and row["resident"] is not None
    return Past(
        at_ms=row["at"], tie=row["event_id"], staff_no=live.office.by_actor[row["actor"]].staff_no,
        section=row["section"], terminal=row["terminal"], action=row["action"], purpose=row["purpose"],
        target=live.people.by_token(row["resident"]) if known else None, allowed=row["decision"] in ("allow", "mask"),
    )  # fmt: skip


def waiting(live: "Live", member: Member, ask: Ask) -> Iterator[Waiting]:
    """What `member` could release or review now: requests of the day, and break-glass that nobody reviewed."""
    asked = {row["event_id"]: _past(live, row) for row in _of_day(live, ask.at.date(), "decision = 'approval'")}
    open_to = set(live.gate.pending(asked.values(), member.staff_no))
    yield from (Waiting(event, "approval", past, None) for event, past in asked.items() if past in open_to)
    yield from _unreviewed(live, member, ask)


def _unreviewed(live: "Live", member: Member, ask: Ask) -> Iterator[Waiting]:
    released = live.journal.select(
        f"SELECT {_PAST}, detail FROM event WHERE action IN {_RELEASES} AND decision = 'allow' AND at > :since "  # noqa: S608 - our own names
        "ORDER BY event_id",
        since=to_ms(ask.at - timedelta(days=31)),
    )
    for place, row in enumerate(released):
        if (
            row["action"] != "override"
            or row["detail"] is None
            or row["section"] != member.section
            or row["actor"] == member.actor
        ):
            continue
        later = released[place + 1 :]
        if not any(
            each["action"] == "approve" and each["resident"] == row["resident"] and each["actor"] != row["actor"]
            for each in later
        ):
            yield Waiting(row["event_id"], "review", _past(live, row), json.loads(row["detail"])["override"])


def released(live: "Live", member: Member, event: int) -> int | None:
    """The resident whom the approval of `event` is about; None where it is about a list.

    Raises:
        BadValueError: nothing of the section of `member` waits under that number.
    """
    rows = live.journal.select(f"SELECT {_PAST} FROM event WHERE event_id = :event", event=event)  # noqa: S608 - our own names
    mine = rows and rows[0]["section"] == member.section
    if not mine or not (rows[0]["decision"] == "approval" or rows[0]["action"] == "override"):
        raise BadValueError("event", "nothing of your section waits under that number; `waiting` lists what does")
    resident = rows[0]["resident"]
    return None if resident is None else live.people.by_token(resident)


def waiting_row(live: "Live", each: Waiting) -> dict[str, Any]:
    """`each` as a row of a list."""
    past = each.past
    codes = {member.staff_no: member.code for member in live.office.members.values()}
    person = live.register.persons([past.target]) if past.target not in (None, NOBODY) else []
    return {
        "event": each.event, "what": each.what, "at": from_ms(past.at_ms).isoformat(timespec="seconds"),
        "operator": codes[past.staff_no], "action": past.action, "purpose": past.purpose,
        "resident": live.people.handle(person[0]["resident_code"]) if person else None, "why": each.reason,
    }  # fmt: skip
