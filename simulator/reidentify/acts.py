"""Acts as they stand in the live log, and what became of them: the log is the only memory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.clock import from_ms, to_ms
from simulator.live.desk import Live
from simulator.live.journal import Entry
from simulator.live.office import Member
from simulator.live.opening import keyring
from simulator.live.sessions import Session
from simulator.pseudonym import Realm, from_text
from simulator.pseudonym.errors import ApprovalError
from simulator.pseudonym.reidentify import Glass, Inquiry
from simulator.schema import EVENT

KEY = "reidentify"
PURPOSE = "audit"
_SCREENS = {"request": "audit", "answer": "numbers", "glass_answer": "numbers"}
Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        name: request, approve, answer, glass, glass_answer, review or crosswalk.
        number: of the inquiry, of the use of break-glass or of the crosswalk.
        told: what else the log keeps of it.
        resident: pseudonym of the live log of whom it concerns, if a resident.
        refused: why it was refused; None if it was not.
        found: whether an answer named somebody.
    """

    name: str
    number: str
    told: Detail = field(default_factory=dict)
    resident: bytes | None = None
    refused: str | None = None
    found: bool = False


@dataclass(frozen=True, slots=True)
class Walked:
    """A crosswalk that was given: its number, to whom, between which key versions, for which case, when."""

    number: str
    staff: str
    versions: tuple[int, ...]
    case_no: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every inquiry, use of break-glass and crosswalk, as the log has them."""

    inquiries: dict[str, Inquiry] = field(default_factory=dict)
    glasses: dict[str, Glass] = field(default_factory=dict)
    crosswalks: dict[str, Walked] = field(default_factory=dict)

    @classmethod
    def read(cls, live: Live) -> "Ledger":
        """Play the acts of the whole live log again."""
        ledger, names = cls(), _staff_by_token(live)
        rows = live.journal.select("SELECT at, actor, detail FROM event WHERE detail LIKE :mark ORDER BY event_id",
                                   mark=f'%"{KEY}":%')  # fmt: skip
        for row in rows:
            told = json.loads(row["detail"]).get(KEY)
            if told and "refused" not in told:
                ledger.play(told, names.get(row["actor"], row["actor"].hex()), from_ms(row["at"]))
        return ledger

    def play(self, told: Detail, staff: str, at: datetime) -> None:
        """Let the act `told` by `staff` take place."""
        number = told["number"]
        match told["act"]:
            case "request":
                reasons = (told["purpose"], told["case_no"], told["legal_basis"])
                realm, token = Realm(told["realm"]), from_text(told["pseudonym"])
                self.inquiries[number] = Inquiry(number, staff, token, realm, *reasons, at, told["kind"])
            case "approve":
                self.inquiries[number] = self.inquiry(number).approve(staff, at)
            case "answer":
                self.inquiries[number] = self.inquiry(number).answered(at)
            case "glass":
                self.glasses[number] = Glass(number, staff, told["incident"], told["reason"], at)
            case "review":
                self.glasses[number] = self.glass(number).review(staff)
            case "crosswalk":
                self.crosswalks[number] = Walked(number, staff, tuple(told["versions"]), told["case_no"], at)

    def inquiry(self, number: str) -> Inquiry:
        """The inquiry of that number.

        Raises:
            ApprovalError: there is none.
        """
        if number not in self.inquiries:
            msg = f"there is no inquiry {number[:20]}; jukisim reidentify list shows those there are"
            raise ApprovalError(msg)
        return self.inquiries[number]

    def glass(self, number: str) -> Glass:
        """The use of break-glass of that number.

        Raises:
            ApprovalError: there is none.
        """
        if number not in self.glasses:
            msg = f"there is no use of break-glass {number[:20]}; jukisim reidentify list shows those there are"
            raise ApprovalError(msg)
        return self.glasses[number]


def _staff_by_token(live: Live) -> dict[bytes, str]:
    """Staff numbers by their pseudonyms under every key version that can be read."""
    realm, codes, ring = Realm.audit(live.municipality.code), live.office.staff["staff_code"], keyring(live.keys)
    known: dict[bytes, str] = {}
    for version in ring.readable:
        known |= dict(zip(ring.pseudonymizer(realm, version.number).column("staff", codes), codes, strict=True))
    return known


def record(live: Live, member: Member, act: Act) -> int:
    """Write `act` of `member` into the live log; it is on disk when this returns. The number of its event.

    Raises:
        ApprovalError: the member cannot log on.
        StorageError: the log would not take it.
    """
    session = _session(live, member)
    told = {"act": act.name, "number": act.number, **act.told, **({"refused": act.refused} if act.refused else {})}
    nothing = dict.fromkeys(name for name in EVENT.names if name != "event_id")
    offices = dict(live.office.terminals.select("terminal", "office").iter_rows())
    event = {
        **nothing, "at": to_ms(live.clock.now()), "system": "ADMIN", "screen": _SCREENS.get(act.name, "approval"),
        "session_id": session.number, "actor": member.actor, "role": member.role, "section": member.section,
        "office": offices[session.terminal], "terminal": session.terminal, "auth_method": session.auth_method,
        "action": "unmask" if act.found else "view", "purpose": act.told.get("purpose", PURPOSE),
        "case_no": act.told.get("case_no"), "resident": act.resident, "protected_alert": False,
        "resident_municipality": live.municipality.code if act.resident else None,
        "fields": "resident_code" if act.found else None, "rows_returned": int(act.found), "my_number": False,
        "decision": "deny" if act.refused else "allow", "reason": f"REIDENTIFY:{act.name}",
        "approval_id": act.number if act.number.startswith("R") else None,
        "override_id": act.number if act.number.startswith("G") else None,
    }  # fmt: skip
    return live.journal.append([Entry(event, detail={KEY: told})])[0]


def _session(live: Live, member: Member) -> Session:
    if member.terminal is not None:
        found = live.sessions.find(member.staff_no, member.terminal, None, to_ms(live.clock.now()))
        session = found or live.log_on(member.code, member.terminal)[1]
        if session is not None:
            return session
    msg = f"{member.code} cannot log on: no account or terminal is theirs"
    raise ApprovalError(msg)
