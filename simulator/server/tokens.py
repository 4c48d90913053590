"""Bearer tokens: opaque, of one session each; only their digest is kept."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from simulator.clock import from_ms
from simulator.live.office import Member
from simulator.live.sessions import Session

PREFIX = "jks_"
_SECRET_BYTES = 16


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is.

    Attributes:
        member: of the staff.
        session: the open session.
        expires: when both end, by the clock of the run.
    """

    member: Member
    session: Session
    expires: datetime


class Tokens:
    """The tokens of a server; they end with it."""

    def __init__(self) -> None:
        """None has been given."""
        self._held: dict[bytes, Holder] = {}

    def give(self, member: Member, session: Session, at: datetime) -> tuple[str, Holder]:
        """A new token of `session`, opened at `at`."""
        text = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().rstrip("=").lower()
        holder = Holder(member, session, from_ms(session.ends_ms))
        self._held = {digest: each for digest, each in self._held.items() if each.expires > at}
        self._held[_digest(PREFIX + text)] = holder
        return PREFIX + text, holder

    def holder(self, header: str | None, at: datetime) -> Holder | None:
        """Whose token the header ``Authorization`` bears; None if nobody's, or its time is over."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = self._held.get(_digest(token.strip()))
        return found if found is not None and at < found.expires else None

    def take(self, header: str) -> None:
        """Forget a token."""
        self._held.pop(_digest(header.partition(" ")[2].strip()), None)

    def __len__(self) -> int:
        """How many have been given and not been forgotten."""
        return len(self._held)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
