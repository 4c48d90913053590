"""Sessions: who is logged on where, since when."""

from dataclasses import dataclass

ASSUMED_SESSION_MS = 10 * 3_600_000
"""How long a session of a person lasts. ASSUMED longer than any of the run's own, which last half a working day, or up
to nearly nine hours where the afternoon becomes the overtime of the tax season."""
ASSUMED_MACHINE_SESSION_MS = 24 * 3_600_000
"""Likewise of a machine: shops' copiers and the communication server log on once a day."""
_MACHINES = "R21"


@dataclass(frozen=True, slots=True)
class Session:
    """One session, numbered in the log; over at `ends_ms` at the latest."""

    number: int
    staff_no: int
    terminal: str
    auth_method: str
    ends_ms: int


def ends_ms(role: str, opened_ms: int) -> int:
    """When a session that somebody of `role` opened is over at the latest."""
    return opened_ms + (ASSUMED_MACHINE_SESSION_MS if role == _MACHINES else ASSUMED_SESSION_MS)


class Sessions:
    """The open sessions of a live log."""

    def __init__(self, first: int) -> None:
        """The first session will bear the number `first`."""
        self._next = first
        self._open: dict[int, Session] = {}
        self._at: dict[tuple[int, str], int] = {}

    def make(self, staff_no: int, terminal: str, auth_method: str, until_ms: int) -> Session:
        """A session with the next number; it is open once `keep` has it."""
        session = Session(self._next, staff_no, terminal, auth_method, until_ms)
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
        if found is None or found.staff_no != staff_no or at_ms >= found.ends_ms:
            return None
        return found
