"""The citizen's question: who looked at me? It is answered from run and live log, and recorded like any other."""

from datetime import datetime

from simulator.clock import to_ms
from simulator.errors import UnknownNameError, UsageError
from simulator.live.desk import Live
from simulator.live.disclosure import Disclosed, disclose
from simulator.live.journal import Entry, Prepared
from simulator.live.memory import CITIZEN
from simulator.live.opening import keyring
from simulator.live.people import NOBODY
from simulator.live.question import Row
from simulator.pseudonym import Realm
from simulator.schema import EVENT

_CODE_DIGITS = 11
_COLUMNS = "e.event_id, e.at, e.system, e.screen, e.section, e.action, e.purpose, e.fields, e.decision"


def who_looked(live: Live, resident: str) -> Disclosed:
    """Every use of the record of `resident` that may be told now.

    Args:
        live: the run in use.
        resident: the resident code of the citizen, or the pseudonym that a search shows.

    Raises:
        UsageError: nobody of the register is meant.
        StorageError: the log would not take the event: nothing is told.
    """
    told, prepared = make(live, resident)
    live.keep(prepared)
    return told


def make(live: Live, resident: str) -> tuple[Disclosed, tuple[Prepared, ...]]:
    """What `who_looked` gives, and its event; tell it only after `Live.keep`.

    Raises:
        UsageError, StorageError: as of `who_looked`.
    """
    number = _number(live, resident)
    at, found = live.clock.now(), live.register.identity(number)
    if found is None:
        raise UnknownNameError("resident", "of that number", (), "this register")
    told = disclose(
        live.run.scan("event"),
        live.run.scan("shown"),
        _live(live, number),
        tokens=_tokens(live, found[0]),
        at=at,
        sections=dict(live.office.sections.select("section", "title").iter_rows()),
        municipality=live.municipality.name,
    )
    return told, (live.journal.prepare(_entry(live, number, at, len(told.rows))),)


def _number(live: Live, resident: str) -> int:
    plain = resident.strip()
    digits = plain.isascii() and plain.isdigit() and len(plain) == _CODE_DIGITS
    number = live.people.by_code(plain) if digits else live.people.resolve("resident", plain)
    if number == NOBODY:
        raise UsageError("nobody in this register has that pseudonym")
    return number


def _tokens(live: Live, resident_code: str) -> list[bytes]:
    """The resident's pseudonyms in the log, one for each key version that can still be read."""
    ring, realm = keyring(live.keys), Realm.audit(live.municipality.code)
    return [ring.pseudonymizer(realm, version.number).one("resident", resident_code) for version in ring.readable]


def _live(live: Live, number: int) -> list[Row]:
    token = live.people.resident(number)
    return live.journal.select(
        f"SELECT {_COLUMNS} FROM event e WHERE e.role <> '{CITIZEN}' AND (e.resident = :who OR e.event_id IN "  # noqa: S608 - our own names
        "(SELECT s.event_id FROM shown s WHERE s.resident = :who))",
        who=token,
    )


def _entry(live: Live, number: int, at: datetime, rows: int) -> Entry:
    nothing = dict.fromkeys(name for name in EVENT.names if name != "event_id")
    token = live.people.resident(number)
    event = {
        **nothing, "at": to_ms(at), "system": "ADMIN", "screen": "disclosure", "session_id": 0, "actor": token,
        "role": CITIZEN, "section": "resident", "office": "counter", "terminal": "counter", "auth_method": "card",
        "action": "view", "purpose": "audit", "protected_alert": False, "fields": "log", "rows_returned": rows,
        "decision": "allow", "reason": "OK:R23-own-log", "resident": token,
        "household": live.people.home(number), "resident_municipality": live.municipality.code, "my_number": False,
    }  # fmt: skip
    return Entry(event)
