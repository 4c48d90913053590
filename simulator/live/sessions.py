"""Sessions: who is logged on where, since when."""

from dataclasses import dataclass

ASSUMED_SESSION_MS = 6 * 3_600_000
"""How long a session lasts. ASSUMED a little more than half a working day, which the run's own sessions last."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session, numbered in the log."""

    number: int
    staff_no: int
    terminal: str
    opened_ms: int
    auth_method: str


class Sessions:
    """The open sessions of a live log."""

    def __init__(self, first: int) -> None:
        """The first session will bear the number `first`."""
        self._next = first
        self._open: dict[int, Session] = {}
        self._at: dict[tuple[int, str], int] = {}

    def make(self, staff_no: int, terminal: str, at_ms: int, auth_method: str) -> Session:
        """A session with the next number; it is open once `keep` has it."""
        session = Session(self._next, staff_no, terminal, at_ms, auth_method)
        self._next += 1
        return session

    def keep(self, session: Session) -> None:
        """Open `session`; the one before at the same terminal ends."""
        self._next = max(self._next, session.number + 1)
        before = self._at.get((session.staff_no, session.terminal))
        if before is not None:
            self._open.pop(before, None)
        self._open[session.number] = session
        self._at[session.staff_no, session.terminal] = session.number

    def spare(self) -> int:
        """A number for a log-on that opens nothing."""
        self._next += 1
        return self._next - 1

    def refused(self, number: int) -> None:
        """Never give `number` again: a refused log-on bore it."""
        self._next = max(self._next, number + 1)

    def end(self, session: Session) -> None:
        """Close `session`."""
        self._open.pop(session.number, None)

    def find(self, staff_no: int, terminal: str, number: int | None, at_ms: int) -> Session | None:
        """The open session `number`, or of `staff_no` at `terminal`; None if there is none, or its time is over."""
        wanted = number if number is not None else self._at.get((staff_no, terminal))
        found = None if wanted is None else self._open.get(wanted)
        if found is None or found.staff_no != staff_no or at_ms - found.opened_ms >= ASSUMED_SESSION_MS:
            return None
        return found
