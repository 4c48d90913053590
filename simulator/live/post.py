"""The post of an office: the municipality to which somebody moved tells so (転入通知), and the record here is closed.

The communication server takes it in with the first request of a minute and records 転出確定 under its own account,
decided by the gate like any request. What the gate refuses, a policy of one's own say, is left for staff to close.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.access.ask import Ask
from simulator.clock import to_ms
from simulator.live.journal import Prepared
from simulator.live.neighbour import Notice
from simulator.live.office import Member
from simulator.live.questions import question
from simulator.live.questions.update import CLOSED

if TYPE_CHECKING:
    from simulator.live.desk import Live

_EVERY_MS = 60_000
_SERVER = "R21"
"""The role of machines; the communication server is the last of them."""


@dataclass(slots=True)
class Post:
    """What was taken in since the live log was last read as a whole.

    Attributes:
        minute: when it was last looked for.
        tried: sender and event of the notices that the gate was asked about.
    """

    minute: int = -1
    tried: set[tuple[str, int]] = field(default_factory=set)

    def take(self, live: "Live") -> tuple[Prepared, ...]:
        """Close the records of those who moved, and prepare the events; `Live.keep` them before anything else is asked.

        Raises:
            StorageError, DamagedError: the log of another municipality cannot be read.
        """
        minute = to_ms(live.clock.now()) // _EVERY_MS
        if live.nation is None or minute == self.minute or (server := _server(live)) is None:
            return ()
        self.minute = minute
        if not self._open(live):
            return ()
        with live.turn():
            found = [prepared for notice in self._open(live) for prepared in _close(live, server, notice)]
            if not found:
                live.journal.rest()
        return tuple(found)

    def _open(self, live: "Live") -> list[Notice]:
        """What nobody closed, and nobody tried to close."""
        assert live.nation is not None  # noqa: S101 - `take` asks nobody else
        notices = live.nation.notices(live.register)
        return [notice for notice in notices if (notice.sender, notice.event) not in self.tried]


def _server(live: "Live") -> Member | None:
    machines = (m for m in live.office.members.values() if m.role == _SERVER and m.terminal is not None)
    return max(machines, key=lambda member: member.code, default=None)


def _close(live: "Live", server: Member, notice: Notice) -> Iterator[Prepared]:
    terminal, at = str(server.terminal), live.clock.now()
    session = live.sessions.find(server.staff_no, terminal, None, to_ms(at))
    if session is None:
        made, session = live.open_session(server, terminal, "password")
        yield from made.prepared
    live.post.tried.add((notice.sender, notice.event))
    if session is not None:
        protected = live.register.standing(notice.number, at.date()).protected
        ask = Ask(
            at=at, staff_no=server.staff_no, terminal=terminal, action="update", screen="change", system="JUKI",
            purpose="resident_change", auth_method=session.auth_method, session=session.number, target=notice.number,
            grounds="duty" if protected else None,
        )  # fmt: skip
        yield from live.decide(server, ask, question("update"), {"reason": CLOSED}).prepared
