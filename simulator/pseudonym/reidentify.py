"""Re-identification under dual control, and break-glass: rules without storage. The caller logs each record returned.

No table of who is who exists: with the realm's key the pseudonyms of all identifiers are made again and looked through.

Source: registry.md 2.5.
"""

from collections.abc import Iterable
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


def _require_words(what: str, **words: str) -> None:
    """Raise ApprovalError if one of `words` is blank."""
    missing = [name.replace("_", " ") for name, word in words.items() if not word.strip()]
    if missing:
        msg = f"{what} needs {', '.join(words).replace('_', ' ')}; {', '.join(missing)} is not given"
        raise ApprovalError(msg)


def find(maker: Pseudonymizer, kind: str, pseudonym: bytes, identifiers: pl.Series) -> str | None:
    """Which of `identifiers` has the `pseudonym` of `maker`'s realm, found by making them all again.

    Raises:
        ApprovalError: `maker` is of another key version.
    """
    if maker.version != pseudonym[0]:
        msg = f"the key is version {maker.version}, the pseudonym version {pseudonym[0]}"
        raise ApprovalError(msg)
    found = identifiers.filter(maker.column(kind, identifiers) == pl.Series([pseudonym]))
    return str(found[0]) if len(found) else None


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
    kind: str = "resident"
    approvers: tuple[str, ...] = ()
    answered_at: datetime | None = None

    def __post_init__(self) -> None:
        """Check that the reasons are given.

        Raises:
            ApprovalError: one is empty.
        """
        _require_words(
            "an inquiry", number=self.number, requester=self.requester, purpose=self.purpose, case_no=self.case_no,
            legal_basis=self.legal_basis,
        )  # fmt: skip

    def state(self, now: datetime) -> str:
        """Where it stands: answered, expired, approved, or how many approvals are wanting."""
        if self.answered_at is not None:
            return "answered"
        if not self._is_open(now):
            return "expired"
        return "approved" if len(self.approvers) == APPROVERS else f"{len(self.approvers)} of {APPROVERS} approvals"

    def _is_open(self, now: datetime) -> bool:
        return self.at <= now < self.at + APPROVAL_WINDOW

    def _require_open(self, now: datetime) -> None:
        if self.answered_at is not None:
            raise ApprovalError("the inquiry was already answered; make a new one")
        if not self._is_open(now):
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

    def answered(self, now: datetime) -> "Inquiry":
        """The inquiry with its one answer given, as a log tells it; `answer` is the way to get one."""
        return replace(self, answered_at=now)

    def answer(self, maker: Pseudonymizer, identifiers: pl.Series, now: datetime) -> "Answer":
        """The one answer: which of `identifiers` has the pseudonym.

        Raises:
            ApprovalError: it is over, answered, or not approved by two; or `maker` is of another realm or version.
        """
        self._require_open(now)
        if len(self.approvers) < APPROVERS:
            raise ApprovalError("two different approvers are wanted before the answer")
        if maker.realm != self.realm:
            msg = f"the key is of realm {maker.realm}, the pseudonym of {self.realm}"
            raise ApprovalError(msg)
        return Answer(self.answered(now), find(maker, self.kind, self.pseudonym, identifiers))


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The inquiry as answered, to be logged, and the identifier, to be shown once and logged nowhere."""

    inquiry: Inquiry
    identifier: str | None

    def __repr__(self) -> str:
        """A text without the identifier."""
        return f"<Answer {self.inquiry.number} {'found' if self.identifier else 'not found'}>"


@dataclass(frozen=True, slots=True)
class Glass:
    """One use of break-glass: by one person, for one incident, until it ends by itself, to be reviewed by another."""

    number: str
    actor: str
    incident: str
    reason: str
    at: datetime
    reviewer: str | None = None

    def state(self, now: datetime) -> str:
        """Where it stands: open, awaiting its review, or reviewed."""
        if self.reviewer is not None:
            return "reviewed"
        return "open" if self.is_open(now) else "awaits review"

    def is_open(self, now: datetime) -> bool:
        """Whether it still holds: for an hour, or until it is reviewed."""
        return self.reviewer is None and self.at <= now < self.at + GLASS_WINDOW

    def require_open(self, actor: str, now: datetime) -> None:
        """Raise ApprovalError unless it holds, for `actor`."""
        if actor != self.actor:
            raise ApprovalError("break-glass serves nobody but who broke it")
        if not self.is_open(now):
            raise ApprovalError("this use of break-glass is over; it must be reviewed before the next")

    def review(self, reviewer: str) -> "Glass":
        """The use, reviewed, and over.

        Raises:
            ApprovalError: it was reviewed, or `reviewer` is who broke the glass.
        """
        if self.reviewer is not None or not reviewer.strip() or reviewer == self.actor:
            raise ApprovalError("a use of break-glass is reviewed once, by somebody else")
        return replace(self, reviewer=reviewer)


def break_glass(earlier: Iterable[Glass], new: Glass) -> Glass:
    """The `new` use of break-glass, if it may follow the `earlier` ones.

    Raises:
        ApprovalError: an earlier use awaits its review, or actor, incident or reason is empty.
    """
    _require_words("break-glass", actor=new.actor, incident_number=new.incident, reason=new.reason)
    waiting = [glass.number for glass in earlier if glass.reviewer is None]
    if waiting:
        msg = f"an earlier use of break-glass awaits its review: {', '.join(waiting)}"
        raise ApprovalError(msg)
    return new
