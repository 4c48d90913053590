"""Listening: a socket, a server, a clean stop."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from simulator.errors import UsageError
from simulator.live.desk import Live
from simulator.server.app import create_app

if TYPE_CHECKING:
    from simulator.server import Address

_GRACE_S = 10


def run(live: Live, listening: socket.socket, address: "Address", announce: Callable[[str], None]) -> None:
    """Answer on `listening` until stopped; see `simulator.server.serve`."""
    live.people.index()  # or the first who asks waits for it
    config = uvicorn.Config(
        create_app(live), log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )  # fmt: skip
    shown = f"[{address.host}]" if ":" in address.host else address.host
    words = f"http://{shown}:{listening.getsockname()[1]} answers ({live.municipality.name}); Ctrl-C stops it"
    serving = _serve(uvicorn.Server(config), listening, address.seconds, lambda: announce(words))
    gc.freeze()  # what is there stays: looking it through takes a tenth of a second now and then
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(serving)


async def _serve(
    server: uvicorn.Server, listening: socket.socket, seconds: int | None, announce: Callable[[], None]
) -> None:
    watching = asyncio.create_task(_watch(server, seconds, announce))
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _watch(server: uvicorn.Server, seconds: int | None, announce: Callable[[], None]) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    announce()
    if seconds is not None:
        await asyncio.sleep(seconds)
        server.should_exit = True


def listening(address: "Address") -> socket.socket:
    """A socket bound to `address`.

    Raises:
        UsageError: it cannot be listened on.
    """
    made = socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address.host, address.port))
    except OSError as error:
        made.close()
        msg = f"cannot listen on {address.host} port {address.port}: {error.strerror or error}"
        raise UsageError(msg) from error
    return made
