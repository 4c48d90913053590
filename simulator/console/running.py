"""Opening a drill and listening: everything is read before the port answers, and it stops by itself."""

import asyncio
import contextlib
import hashlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn

from simulator import drill
from simulator.console import feed
from simulator.console.app import create_app
from simulator.console.evidence import from_pack
from simulator.console.journal import Journal
from simulator.console.room import Room
from simulator.drill.pack import MANIFEST
from simulator.errors import UsageError

SESSION_SUFFIX = ".session"
_GRACE_S = 5
_TICK_S = 1.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How a drill is served.

    Attributes:
        host: address to listen on; anything but loopback needs `allow_remote`.
        port: 0 takes a free one.
        minutes: stop after so many minutes.
        idle_minutes: stop when nobody did anything for so long; None never.
        live: play the office's day.
        speed: seconds of the office in a second of the drill.
        live_from: instant at which live mode begins; None: the morning of the first misuse.
    """

    host: str = "127.0.0.1"
    port: int = 8483
    allow_remote: bool = False
    minutes: float = 480.0
    idle_minutes: float | None = None
    live: bool = False
    speed: float = 60.0
    live_from: datetime | None = None


def serve(path: Path, key: Path | None, serving: Serving, announce: Callable[[str], None]) -> None:
    """Serve the drill in the folder `path` until its time is over, nobody is there any more, or it is interrupted.

    Raises:
        UsageError: the address is not allowed or taken.
        MissingError, DamagedError, SealError: the drill, its key or its record does not hold.
        BusyError: another console serves this drill.
    """
    if serving.host not in _LOOPBACK and not serving.allow_remote:
        msg = f"{serving.host} can be reached from other machines; say --allow-remote if the teams sit at their own"
        raise UsageError(msg)
    socket_ = listening(serving)
    with contextlib.closing(socket_), contextlib.closing(opened(path, key, announce)) as held:
        _begin_live(held.room, serving)
        _announce(held.room, serving, socket_.getsockname()[1], announce)
        asyncio.run(answer(held, socket_, serving))
    announce("stopped; everything is kept beside the drill, and the same command goes on from there")


@dataclass(frozen=True, slots=True)
class Held:
    """An open drill with its journal."""

    room: Room
    folder: Path

    def close(self) -> None:
        """Close the journal."""
        self.room.journal.close()


def opened(path: Path, key: Path | None, announce: Callable[[str], None] = lambda _: None) -> Held:
    """Open a drill, its sealed half and its journal (``DRILL.session`` beside it)."""
    pack = drill.open_pack(path)
    secret = drill.unseal(pack, key)
    announce(f"reading {pack.manifest.rows['events']:,} events …")
    frames = from_pack(pack)
    folder = path.with_name(path.name + SESSION_SUFFIX)
    journal = Journal.open(folder, {"drill": identity(pack)})
    return Held(Room(pack, secret, frames, journal), folder)


def identity(pack: drill.Pack) -> str:
    """What tells a drill from any other: the SHA-256 of its manifest."""
    return hashlib.sha256((pack.path / MANIFEST).read_bytes()).hexdigest()


def _begin_live(room: Room, serving: Serving) -> None:
    if serving.live and room.progress.feed is None:
        at = feed.start_ms(room.frames, room.gates, serving.live_from)
        room.play(at_ms=at, speed=serving.speed, running=True)


def _announce(room: Room, serving: Serving, port: int, announce: Callable[[str], None]) -> None:
    shown = f"[{serving.host}]" if ":" in serving.host else serving.host
    announce(
        f"http://{shown}:{port}/ answers ({room.pack.manifest.title.of(room.pack.manifest.lang)}); Ctrl-C stops it"
    )
    announce(f"  facilitator / 進行役  {room.progress.codes['']}")
    for name in room.progress.teams:
        announce(f"  {name}  {room.progress.codes[name]}")


async def answer(held: Held, listening: socket.socket, serving: Serving) -> None:
    """Answer on `listening` until the time of `serving` is over."""
    hosts = frozenset() if serving.allow_remote else frozenset(_LOOPBACK)
    app = create_app(held.room, held.folder / "reports", hosts)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_GRACE_S,
        ws="websockets-sansio",
    )  # fmt: skip
    server = uvicorn.Server(config)
    watching = asyncio.create_task(_watch(server, held.room, serving))
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _watch(server: uvicorn.Server, room: Room, serving: Serving) -> None:
    loop = asyncio.get_running_loop()
    began = acted = loop.time()
    seq = room.progress.seq
    while not server.should_exit:
        await asyncio.sleep(_TICK_S)
        room.tick()
        if room.progress.seq != seq:
            seq, acted = room.progress.seq, loop.time()
        idle = serving.idle_minutes is not None and loop.time() - acted > serving.idle_minutes * 60
        server.should_exit = server.should_exit or idle or loop.time() - began > serving.minutes * 60


def listening(serving: Serving) -> socket.socket:
    """A socket bound to the address of `serving`.

    Raises:
        UsageError: it cannot be listened on.
    """
    made = socket.socket(socket.AF_INET6 if ":" in serving.host else socket.AF_INET)
    if os.name == "posix":  # a console that was killed is started anew at once; elsewhere this would share a used port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((serving.host, serving.port))
    except OSError as error:
        made.close()
        msg = f"cannot listen on {serving.host} port {serving.port}: {error.strerror or error}; another --port will do"
        raise UsageError(msg) from error
    return made
