"""Acknowledging many at once: what is prepared within a few milliseconds is forced to disk together."""

import asyncio

from simulator.errors import SimulatorError
from simulator.live.desk import Live
from simulator.live.journal import Prepared

_Waiting = tuple[tuple[Prepared, ...], asyncio.Future[None]]
GROUP_S = 0.004
"""Least time from one forced write to the next, in seconds; whoever asks after a longer rest waits for none.

ASSUMED: a clerk does not feel it, and the disk, which takes as long, is asked half as often at 200 requests a second.
"""


class Keeper:
    """Commits prepared events in their order; whoever asked waits until theirs is on disk.

    The writes are made on the thread of the event loop: handing them to another costs more than it saves, and while the
    disk writes nothing could be acknowledged anyway.
    """

    def __init__(self, live: Live) -> None:
        """Keep for `live`."""
        self._live, self._waiting = live, list[_Waiting]()
        self._loop = asyncio.get_running_loop()
        self._due: asyncio.TimerHandle | None = None
        self._last = -GROUP_S
        self.commits = self.events = 0

    async def keep(self, prepared: tuple[Prepared, ...]) -> None:
        """Return once `prepared` is on disk.

        Raises:
            SimulatorError: it cannot be; nothing of it was recorded.
        """
        if not prepared:
            return
        waiting: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((prepared, waiting))
        if self._due is None:
            self._due = self._loop.call_at(max(self._last + GROUP_S, 0.0), self._commit)
        await waiting

    async def close(self) -> None:
        """Commit what waits."""
        if self._due is not None:
            self._due.cancel()
            self._commit()

    def _commit(self) -> None:
        some, self._waiting, self._due = self._waiting, [], None
        events = [each for prepared, _ in some for each in prepared]
        try:
            self._live.keep(tuple(events))
        except SimulatorError as error:
            self._tell(some, error)
        else:
            self.commits, self.events = self.commits + 1, self.events + len(events)
            self._tell(some, None)
        self._last = self._loop.time()

    @staticmethod
    def _tell(some: list[_Waiting], error: SimulatorError | None) -> None:
        """Nothing that waits can be recorded after a failure: later events are linked to those that failed."""
        for _, waiting in some:
            if waiting.done():
                continue
            if error is None:
                waiting.set_result(None)
            else:
                waiting.set_exception(type(error)(*error.args))
