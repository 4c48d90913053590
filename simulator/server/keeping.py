"""Acknowledging many at once: what was prepared while the disk was busy is forced to it together."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from simulator.errors import SimulatorError
from simulator.live.desk import Live
from simulator.live.journal import Prepared

_Waiting = tuple[tuple[Prepared, ...], asyncio.Future[None]]


class Keeper:
    """Commits prepared events in their order, on one thread; whoever asked waits until theirs is on disk."""

    def __init__(self, live: Live) -> None:
        """Keep for `live`."""
        self._live, self._waiting = live, list[_Waiting]()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._wake, self._task = asyncio.Event(), asyncio.create_task(self._run())
        self.commits = self.events = 0

    async def keep(self, prepared: tuple[Prepared, ...]) -> None:
        """Return once `prepared` is on disk.

        Raises:
            SimulatorError: it cannot be; nothing of it was recorded.
        """
        if not prepared:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((prepared, waiting))
        self._wake.set()
        await asyncio.shield(waiting)

    async def close(self) -> None:
        """Commit what waits, then stop."""
        while self._waiting:
            await asyncio.sleep(0.005)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            some = self._waiting
            if not some:
                continue
            events = [each for prepared, _ in some for each in prepared]
            count = len(some)
            try:
                await loop.run_in_executor(self._thread, self._live.journal.commit, events)
            except SimulatorError as error:
                self._fail(error)
            else:
                self._acknowledge(count, len(events))

    def _acknowledge(self, count: int, events: int) -> None:
        done, self._waiting[:count] = self._waiting[:count], []
        self.commits, self.events = self.commits + 1, self.events + events
        for _, waiting in done:
            if not waiting.done():
                waiting.set_result(None)
        if self._waiting:
            self._wake.set()

    def _fail(self, error: SimulatorError) -> None:
        """Nothing that waits can be recorded: later events are linked to those that failed."""
        failed, self._waiting = self._waiting, []
        for _, waiting in failed:
            if not waiting.done():
                waiting.set_exception(type(error)(*error.args))
        self._live.restore()
