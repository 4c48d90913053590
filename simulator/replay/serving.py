"""A server of our own on the loopback, whose clock is set: for a replay that needs no other."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn

from simulator.clock import SimClock, from_ms
from simulator.errors import StorageError
from simulator.live.desk import Live
from simulator.replay.asking import Row
from simulator.server.app import create_app

_STARTS_S, _STOPS_S = 20.0, 20.0


@dataclass(slots=True)
class Home:
    """The server.

    Attributes:
        live: the run in use.
        address: where it answers.
        clock: its clock.
        last: number of the last event that `log` gave.
    """

    live: Live
    address: str
    clock: SimClock
    last: int

    def set(self, at: datetime) -> None:
        """Let it be `at` at the server."""
        self.clock.at = at

    def log(self) -> dict[int, Row]:
        """The events recorded since the last call, by number, as rows of a run's log, each with ``shown``."""
        rows = self._new("event", "event_id")
        shown: dict[int, list[bytes]] = {}
        for row in self._new("shown", "event_id, rank"):
            shown.setdefault(row["event_id"], []).append(row["resident"])
        self.last = rows[-1]["event_id"] if rows else self.last
        return {row["event_id"]: {**row, **_flags(row), "shown": shown.get(row["event_id"], [])} for row in rows}

    def _new(self, table: str, order: str) -> list[Row]:
        sql = f"SELECT * FROM {table} WHERE event_id > :last ORDER BY {order}"  # noqa: S608 - our own names
        return self.live.journal.select(sql, last=self.last)


def _flags(row: Row) -> Row:
    return {name: bool(row[name]) for name in ("protected_alert", "my_number")}


@contextlib.contextmanager
def at_home(run: Path, log: Path, municipality: str | None = None) -> Iterator[Home]:
    """Serve the run at `run` on a free port of the loopback, its live log in the file `log`.

    Raises:
        MissingError, BusyError, DamagedError, UsageError: as of `Live.open`.
        StorageError: it does not start.
    """
    clock = SimClock(from_ms(0))
    with Live.open(run, municipality=municipality, clock=clock, log=log) as live:
        server = uvicorn.Server(uvicorn.Config(create_app(live), host="127.0.0.1", port=0, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield Home(live, f"http://127.0.0.1:{_port(server)}", clock, live.journal.head.event_id)
        finally:
            server.should_exit = True
            thread.join(_STOPS_S)


def _port(server: uvicorn.Server) -> int:
    until = time.monotonic() + _STARTS_S
    while not server.started:
        if time.monotonic() > until:
            raise StorageError("the server did not start on the loopback")
        time.sleep(0.01)
    return int(server.servers[0].sockets[0].getsockname()[1])
