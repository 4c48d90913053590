"""The HTTP face of a run: FastAPI, made from the same declarations as the library and the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import MissingError, UsageError
from simulator.live.desk import Live
from simulator.live.rate import Limits

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where and how long to listen.

    Attributes:
        host: the address.
        port: 0 takes a free one.
        allow_remote: listen on other addresses than loopback.
        seconds: stop by itself after so many; None: never.
    """

    host: str = "127.0.0.1"
    port: int = 8482
    allow_remote: bool = False
    seconds: int | None = None


def serve(
    run: Path,
    address: Address,
    *,
    municipality: str | None = None,
    database: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    announce: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the run at `run` until it is stopped (SIGINT, SIGTERM) or its time is over.

    Args:
        run: folder of a run.
        address: where to listen.
        municipality: six digits, if the run has several.
        database: ``postgresql://…`` of the register.
        limits: how fast one member of staff may ask.
        announce: told the address once it answers.

    Raises:
        UsageError: another address than loopback without `allow_remote`, or one that cannot be listened on.
        MissingError: the extra ``server`` is not installed, or a part of the run is missing.
        BusyError: another process writes the live log.
    """
    if address.host not in LOOPBACK and not address.allow_remote:
        msg = (
            f"{address.host} can be reached from other machines, and whoever reaches it can log on as anyone; "
            "give --allow-remote if that is meant, or serve on 127.0.0.1"
        )
        raise UsageError(msg)
    try:
        from simulator.server import running  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = "the HTTP server needs the extra `server`: pip install 'jukisim[server]'"
        raise MissingError(msg) from error
    opened = Live.open(run, municipality=municipality, database=database, limits=limits)
    with opened as live, running.listening(address) as socket:
        running.run(live, socket, address, announce)
