"""Re-identification under dual control, and break-glass: rules without storage. The caller logs each record returned.

No table of who is who exists: with the realm's key the pseudonyms of all identifiers are made again and looked through.

Source: registry.md 2.5.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from simulator.pseudonym.errors import ApprovalError
from simulator.pseudonym.pseudonymizer import Pseudonymizer
from simulator.pseudonym.realm import Realm

# Source: registry.md 2.5.
APPROVAL_WINDOW = timedelta(hours=24)
GLASS_WINDOW = timedelta(minutes=60)
APPROVERS = 2


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A request to learn who a pseudonym stands for, and what became of it."""

    number: str
    requester: str
    pseudonym: bytes
    realm: Realm
    purpose: str
    case_no: str
    legal_basis: str
    at: datetime
    approvers: tuple[str, ...] = ()
    answered_at: datetime | None = None

    def __post_init__(self) -> None:
        """Check that the reasons are given.

        Raises:
            ApprovalError: one is empty.
        """
        if not all(s.strip() for s in (self.number, self.requester, self.purpose, self.case_no, self.legal_basis)):
            raise ApprovalError("an inquiry needs a number, a requester, a purpose, a case and a legal basis")

    def _require_open(self, now: datetime) -> None:
        if self.answered_at is not None:
            raise ApprovalError("the inquiry was already answered; make a new one")
        if not self.at <= now < self.at + APPROVAL_WINDOW:
            raise ApprovalError("the inquiry's window is over; make a new one")

    def approve(self, approver: str, now: datetime) -> "Inquiry":
        """The inquiry, approved by `approver` too.

        Raises:
            ApprovalError: it is over, answered or approved enough, or `approver` asked or approved already.
        """
        self._require_open(now)
        if not approver.strip() or approver == self.requester:
            raise ApprovalError("the requester cannot approve")
        if approver in self.approvers or len(self.approvers) >= APPROVERS:
            raise ApprovalError("two different approvers are wanted, each once")
        return replace(self, approvers=(*self.approvers, approver))

    def answer(self, maker: Pseudonymizer, kind: str, identifiers: pl.Series, now: datetime) -> "Answer":
        """The one answer: which of `identifiers` has the pseudonym.

        Raises:
            ApprovalError: it is over, answered, or not approved by two; or `maker` is of another realm or version.
        """
        self._require_open(now)
        if len(self.approvers) < APPROVERS:
            raise ApprovalError("two different approvers are wanted before the answer")
        return Answer(replace(self, answered_at=now), find(maker, self, kind, identifiers))


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The inquiry as answered, to be logged, and the identifier, to be shown once and logged nowhere."""

    inquiry: Inquiry
    identifier: str | None

    def __repr__(self) -> str:
        """A text without the identifier."""
        return f"<Answer {self.inquiry.number} {'found' if self.identifier else 'not found'}>"


def find(maker: Pseudonymizer, inquiry: Inquiry, kind: str, identifiers: pl.Series) -> str | None:
    """Which of `identifiers` has the inquiry's pseudonym, found by making them all again.

    Raises:
        ApprovalError: `maker` is of another realm or key version.
    """
    if maker.realm != inquiry.realm or maker.version != inquiry.pseudonym[0]:
        raise ApprovalError("the key is of another realm or version than the pseudonym")
    found = identifiers.filter(maker.column(kind, identifiers) == pl.Series([inquiry.pseudonym]))
    return str(found[0]) if len(found) else None


@dataclass(frozen=True, slots=True)
class Glass:
    """One use of break-glass: by one person, for one incident, until it ends by itself, to be reviewed by another."""

    actor: str
    incident: str
    reason: str
    at: datetime
    reviewer: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it still holds."""
        return self.at <= now < self.at + GLASS_WINDOW

    def review(self, reviewer: str) -> "Glass":
        """The use, reviewed.

        Raises:
            ApprovalError: it was reviewed, or `reviewer` is who broke the glass.
        """
        if self.reviewer is not None or not reviewer.strip() or reviewer == self.actor:
            raise ApprovalError("a use of break-glass is reviewed once, by somebody else")
        return replace(self, reviewer=reviewer)


def break_glass(earlier: tuple[Glass, ...], actor: str, incident: str, reason: str, now: datetime) -> Glass:
    """A new use of break-glass after the `earlier` ones.

    Raises:
        ApprovalError: an earlier use awaits its review, or actor, incident or reason is empty.
    """
    if any(glass.reviewer is None for glass in earlier):
        raise ApprovalError("an earlier use of break-glass awaits its review")
    if not all(s.strip() for s in (actor, incident, reason)):
        raise ApprovalError("break-glass needs an actor, an incident number and a reason")
    return Glass(actor, incident, reason, now)
