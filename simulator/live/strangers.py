"""Log-ons of nobody: a staff number, terminal or desk that the office does not have is refused and recorded like any.

The event says why, for whoever may read the log; the one who tries is told no more than anybody whose log-on fails.
What was typed is kept as a keyed pseudonym alone, so that the same wrong number is the same actor each time.
"""

from typing import TYPE_CHECKING, Any

from simulator.access.ask import LONGEST_TEXT
from simulator.clock import to_ms
from simulator.live.answer import Answer
from simulator.live.journal import Entry
from simulator.schema import EVENT
from simulator.schema.vocabulary import AUTH_METHODS

if TYPE_CHECKING:
    from simulator.live.desk import Live

NOWHERE = "unknown"
"""Stands for the section, terminal or building of one that the office does not have."""
_STRANGER = "R16"
"""The role without any entitlement."""
_METHODS = {term.code for term in AUTH_METHODS}


def refused(live: "Live", number: str, terminal: str | None, auth_method: str) -> tuple[Entry, Answer]:
    """The event of the log-on of `number` at `terminal`, one of which the office does not have, and its answer."""
    typed = number.strip().upper()[:LONGEST_TEXT].encode("ascii", "backslashreplace").decode() or NOWHERE
    member = live.office.members.get(typed)
    places = dict(live.office.terminals.select("terminal", "office").iter_rows())
    seat = terminal if terminal in places else NOWHERE
    wrong = "STAFF" if member is None else "TERMINAL"
    event: dict[str, Any] = {
        **dict.fromkeys(name for name in EVENT.names if name != "event_id"),
        "at": to_ms(live.clock.now()), "system": "MUNI", "screen": "logon", "session_id": live.sessions.spare(),
        "actor": member.actor if member else live.people.stranger(typed),
        "role": member.role if member else _STRANGER, "section": member.section if member else NOWHERE,
        "office": places.get(seat, NOWHERE), "terminal": seat,
        "auth_method": auth_method if auth_method in _METHODS else AUTH_METHODS[0].code, "action": "login",
        "purpose": "none", "protected_alert": False, "rows_returned": 0, "decision": "deny",
        "reason": f"LOGON:unknown_{wrong.lower()}", "my_number": False,
    }  # fmt: skip
    return Entry(event), Answer(code="log_on_failed", event=0)
