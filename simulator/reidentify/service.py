"""The acts of re-identification, one function each: decide, record, give the result."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.access.policy import Policy
from simulator.errors import UnknownNameError
from simulator.live.desk import Live
from simulator.live.office import Member
from simulator.live.opening import keyring
from simulator.pseudonym import Passphrase, Realm, from_text, to_text, to_texts
from simulator.pseudonym import vault as library
from simulator.pseudonym.errors import ApprovalError, RealmError, SealError, ShareError, VersionError
from simulator.pseudonym.keyring import Keyring
from simulator.pseudonym.reidentify import Glass, Inquiry, find
from simulator.pseudonym.reidentify import break_glass as may_break
from simulator.reidentify.acts import PURPOSE, Act, Ledger, record
from simulator.schema.vocabulary import PURPOSES

KINDS = ("resident", "household", "staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, and why.

    Attributes:
        pseudonym: its 26 characters.
        purpose: code of the purpose.
        case_no: number of the case.
        legal_basis: on what legal basis.
        kind: resident, household or staff.
        realm: of the pseudonym; that of the municipality's audit log if not given.
    """

    pseudonym: str
    purpose: str
    case_no: str
    legal_basis: str
    kind: str = "resident"
    realm: str | None = None

    def inquiry(self, number: str, staff: str, here: Realm, at: datetime) -> Inquiry:
        """The inquiry that this makes, in a log of the realm `here`."""
        realm = Realm(self.realm) if self.realm else here
        reasons = (self.purpose, self.case_no, self.legal_basis)
        return Inquiry(number, staff, from_text(self.pseudonym), realm, *reasons, at, self.kind)


def request(live: Live, staff: str, asked: Asked) -> Inquiry:
    """Ask who a pseudonym stands for; two others must approve within a day.

    Args:
        live: the run in use.
        staff: who asks; their role must open the log for audit.
        asked: what, and why.

    Raises:
        ApprovalError: the asker may not, or a reason is missing.
        MalformedPseudonymError, RealmError, UnknownNameError: what was given is none.
    """
    member = live.office.member(staff)
    _require_known(asked.kind, asked.purpose)
    number = _number("R", len(Ledger.read(live).inquiries))
    made = asked.inquiry(number, member.code, Realm.audit(live.municipality.code), live.clock.now())
    told = {
        "purpose": made.purpose, "case_no": made.case_no, "legal_basis": made.legal_basis, "kind": made.kind,
        "realm": str(made.realm), "pseudonym": to_text(made.pseudonym),
    }  # fmt: skip
    with _recording(live, member, Act("request", number, told, _resident_of(live, made))):
        _require_asker(member)
        return made


def approve(live: Live, staff: str, number: str) -> Inquiry:
    """Approve inquiry `number`; the approver supervises, did not ask, and has not approved it yet.

    Raises:
        ApprovalError: they may not, or it is over, answered or approved.
    """
    member, inquiry = live.office.member(staff), Ledger.read(live).inquiry(number)
    act = Act("approve", number, resident=_resident_of(live, inquiry))
    with _recording(live, member, act):
        _require_supervisor(live, member)
        return inquiry.approve(member.code, live.clock.now())


def answer(live: Live, staff: str, number: str, ring: Keyring | None = None) -> str | None:
    """The one answer to inquiry `number`: the identifier, or None if nobody of the register has the pseudonym.

    Args:
        live: the run in use.
        staff: who asked.
        number: of the inquiry.
        ring: the keys, from a vault that two holders opened; those of the run if not given.

    Raises:
        ApprovalError: another asks than who did, it is not approved, over, or answered.
        VersionError: the key version of the pseudonym is retired or destroyed.
    """
    member, inquiry = live.office.member(staff), Ledger.read(live).inquiry(number)
    with _refusal(live, member, Act("answer", number, resident=_resident_of(live, inquiry))):
        if member.code != inquiry.requester:
            raise ApprovalError("the answer is for who asked, and for nobody else")
        keys = ring or keyring(live.keys)
        maker, people = keys.pseudonymizer(inquiry.realm, inquiry.pseudonym[0]), _identifiers(live, inquiry.kind)
        known = _named(live, keys, inquiry, people)
        found = known.get(inquiry.answer(maker, pl.Series(list(known)), live.clock.now()).identifier or "")
    reasons = {"purpose": inquiry.purpose, "case_no": inquiry.case_no}
    _record_answer(live, member, Act("answer", number, reasons, _resident_of(live, inquiry)), (inquiry.kind, found))
    return found


def break_glass(live: Live, staff: str, *, incident: str, reason: str) -> Glass:
    """Open re-identification to `staff` alone for an hour; somebody else must review it before the next.

    Raises:
        ApprovalError: they may not, an earlier use awaits its review, or a reason is missing.
    """
    member, ledger = live.office.member(staff), Ledger.read(live)
    number = _number("G", len(ledger.glasses))
    with _recording(live, member, Act("glass", number, {"incident": incident, "reason": reason})):
        _require_asker(member)
        new = Glass(number, member.code, incident, reason, live.clock.now())
        return may_break(ledger.glasses.values(), new)


def glass_answer(live: Live, staff: str, number: str, pseudonym: str, *, kind: str = "resident") -> str | None:
    """Who `pseudonym` of the audit log stands for, under break-glass `number`; recorded each time.

    Raises:
        ApprovalError: it is another's, over or reviewed.
        VersionError: the key version of the pseudonym is retired or destroyed.
    """
    member, token = live.office.member(staff), from_text(pseudonym)
    _require_known(kind, PURPOSE)
    glass, realm = Ledger.read(live).glass(number), Realm.audit(live.municipality.code)
    told, known = {"pseudonym": to_text(token), "kind": kind}, _known_resident(live, kind, realm, token)
    with _refusal(live, member, Act("glass_answer", number, told, known)):
        glass.require_open(member.code, live.clock.now())
        maker = keyring(live.keys).pseudonymizer(realm, token[0])
        found = find(maker, kind, token, _identifiers(live, kind))
    _record_answer(live, member, Act("glass_answer", number, told, known), (kind, found))
    return found


def review(live: Live, staff: str, number: str, finding: str) -> Glass:
    """Review and end break-glass `number`: what was found of its use, by somebody else who supervises.

    Raises:
        ApprovalError: the reviewer broke the glass or does not supervise, it was reviewed, or nothing is found.
    """
    member, glass = live.office.member(staff), Ledger.read(live).glass(number)
    with _recording(live, member, Act("review", number, {"finding": finding})):
        _require_supervisor(live, member)
        if not finding.strip():
            raise ApprovalError("a review says what was found: was the use called for?")
        return glass.review(member.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Which crosswalk is wanted, and why.

    Attributes:
        versions: of the keys, as (1, 2).
        case_no: number of the case.
        legal_basis: on what legal basis.
        kind: resident, household or staff.
    """

    versions: tuple[int, ...]
    case_no: str
    legal_basis: str
    kind: str = "resident"


def crosswalk(live: Live, staff: str, walk: Walk, vault: Path, holders: Mapping[str, Passphrase]) -> pl.DataFrame:
    """Columns ``v1``, ``v2`` …: the audit log's pseudonyms of one person or household per row, as text, by the first.

    It undoes what rotation is for. So two supervisors who did not ask must open the vault, it is recorded with their
    numbers, and it is kept nowhere.

    Args:
        live: the run in use.
        staff: who asks; their role must open the log for audit.
        walk: which, and why.
        vault: its folder; its holders are named by staff number.
        holders: two of them, each with their passphrase.

    Raises:
        ApprovalError: the asker may not, a holder may not approve, or a reason is missing.
        ShareError, SealError, KeyFileError: the vault does not open.
        VersionError: a version may not be read.
        UnknownNameError: there is no such kind.
    """
    member, number = live.office.member(staff), _number("X", len(Ledger.read(live).crosswalks))
    _require_known(walk.kind, PURPOSE)
    opened_by = sorted(to_text(live.office.member(name).actor) for name in holders)
    reasons = {"case_no": walk.case_no, "legal_basis": walk.legal_basis, "opened_by": opened_by}
    act = Act("crosswalk", number, {"kind": walk.kind, "versions": walk.versions, **reasons})
    with _recording(live, member, act):
        _require_asker(member)
        _require_reasons(walk)
        _require_holders(live, member, holders)
        people = _identifiers(live, walk.kind)
        realm = Realm.audit(live.municipality.code)
        found = library.crosswalk(vault, holders, realm, walk.kind, people, *walk.versions)
        return found.select(to_texts(found[name]).alias(name) for name in found.columns).sort(found.columns[0])


def _require_reasons(walk: Walk) -> None:
    if not (walk.case_no.strip() and walk.legal_basis.strip()):
        raise ApprovalError("a crosswalk needs the number of a case and a legal basis")


def _require_holders(live: Live, member: Member, holders: Collection[str]) -> None:
    if member.code in holders:
        raise ApprovalError("who asks for a crosswalk cannot be one of the two who open the vault for it")
    for name in sorted(holders):
        _require_supervisor(live, live.office.member(name))


def listing(live: Live) -> list[dict[str, str]]:
    """One row per inquiry, use of break-glass and crosswalk: number, who, what for, when, and where it stands."""
    ledger, now = Ledger.read(live), live.clock.now()
    asked = [
        {"number": i.number, "staff": i.requester, "about": to_text(i.pseudonym), "reason": i.case_no,
         "at": i.at.isoformat(timespec="seconds"), "state": i.state(now)}
        for i in ledger.inquiries.values()
    ]  # fmt: skip
    broken = [
        {"number": g.number, "staff": g.actor, "about": g.incident, "reason": g.reason,
         "at": g.at.isoformat(timespec="seconds"), "state": g.state(now)}
        for g in ledger.glasses.values()
    ]  # fmt: skip
    walked = [
        {"number": w.number, "staff": w.staff, "about": "versions " + ", ".join(map(str, w.versions)),
         "reason": w.case_no, "at": w.at.isoformat(timespec="seconds"), "state": "given"}
        for w in ledger.crosswalks.values()
    ]  # fmt: skip
    return asked + broken + walked


@contextlib.contextmanager
def _refusal(live: Live, member: Member, act: Act) -> Iterator[None]:
    """Record `act` as refused if the rules forbid it, and say so."""
    try:
        yield
    except (ApprovalError, RealmError, ShareError, SealError, VersionError) as error:
        record(live, member, Act(act.name, act.number, act.told, act.resident, refused=str(error)))
        raise


@contextlib.contextmanager
def _recording(live: Live, member: Member, act: Act) -> Iterator[None]:
    """Record `act`, as done or as refused."""
    with _refusal(live, member, act):
        yield
    record(live, member, act)


def _record_answer(live: Live, member: Member, act: Act, answer: tuple[str, str | None]) -> None:
    """Record an answer under the pseudonym that the resident has in the live log now, whatever version was asked."""
    (kind, found), now = answer, act.resident
    if kind == "resident" and found is not None:
        now = keyring(live.keys).pseudonymizer(Realm.audit(live.municipality.code)).one(kind, found)
    record(live, member, Act(act.name, act.number, act.told, now, found=found is not None))


def _number(letter: str, before: int) -> str:
    return f"{letter}{before + 1:04d}"


def _require_known(kind: str, purpose: str) -> None:
    if kind not in KINDS:
        raise UnknownNameError("kind of pseudonym", kind[:20], KINDS)
    codes = [term.code for term in PURPOSES]
    if purpose not in codes:
        raise UnknownNameError("purpose", purpose[:40], codes)


def _require_asker(member: Member) -> None:
    """ASSUMED: whoever the table of rights lets into the log for audit may ask; no source names who may."""
    if Policy.default().rule(member.role, PURPOSE, "view") is None:
        msg = f"role {member.role} does not open the log for audit, so {member.code} cannot ask"
        raise ApprovalError(msg)


def _require_supervisor(live: Live, member: Member) -> None:
    """ASSUMED: who supervises a section may approve and review; no source names who may."""
    supervisors = live.office.staff.filter("supervisor")["staff_code"]
    if member.code not in supervisors:
        msg = f"{member.code} supervises no section; an approver or reviewer does"
        raise ApprovalError(msg)


def _identifiers(live: Live, kind: str) -> pl.Series:
    """Every identifier of `kind` in the municipality."""
    if kind == "staff":
        return live.office.staff["staff_code"]
    if kind == "resident":
        return _part(live, "resident")["resident_code"]
    numbers = _part(live, "household")["household_no"].cast(pl.String).str.zfill(8)
    return (live.municipality.code + numbers).alias("household")


def _part(live: Live, table: str) -> pl.DataFrame:
    return storage.read_parquet(next(p for p in live.run.files(table) if p.stem == live.municipality.code))


def _named(live: Live, keys: Keyring, inquiry: Inquiry, people: pl.Series) -> dict[str, str]:
    """What the inquiry's realm makes pseudonyms of, each with the identifier behind it.

    The audit log's are made of the identifiers; those of an export or of a section, of the audit log's pseudonyms.
    """
    audit = Realm.audit(live.municipality.code)
    if inquiry.realm == audit:
        return dict(zip(people, people, strict=True))
    makers = [keys.pseudonymizer(audit, version.number) for version in keys.readable]
    texts = pl.concat([to_texts(maker.column(inquiry.kind, people)) for maker in makers])
    return dict(zip(texts, [*people] * len(makers), strict=True))


def _known_resident(live: Live, kind: str, realm: Realm, token: bytes) -> bytes | None:
    """The pseudonym, if it is a resident's in this log: then the citizen is told."""
    return token if kind == "resident" and realm == Realm.audit(live.municipality.code) else None


def _resident_of(live: Live, inquiry: Inquiry) -> bytes | None:
    return _known_resident(live, inquiry.kind, inquiry.realm, inquiry.pseudonym)
