"""The command that serves a drill in the browser: jukisim drill serve."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import say
from simulator.errors import UsageError


def serve(
    drill: Annotated[Path, typer.Argument(help="Folder that `jukisim drill new` made.")],
    key: Annotated[
        Path | None, typer.Option(help="Key file of the facilitator; DRILL.key beside it if not given.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address; another than loopback needs --allow-remote.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one and says which.")] = 8483,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen beyond this machine: the teams' PCs reach it by code only.")
    ] = False,
    minutes: Annotated[float, typer.Option(min=0.05, help="Stop by itself after so many minutes.")] = 480,
    until_idle: Annotated[
        float | None, typer.Option(min=0.05, help="Stop when nobody did anything for so many minutes.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Play the office's day: events arrive while teams watch.")
    ] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=3600, help="Live: seconds of the office in a second.")] = 60,
    live_from: Annotated[
        str | None,
        typer.Option("--from", help="Live: begin there, as 2025-07-01T08:30; else the day of the first misuse."),
    ] = None,
) -> None:
    """Serve the drill console: teams and facilitator sign in with the codes that are shown here.

    Everything anybody does is written to DRILL.session at once; after a crash the same command goes on from there.

    Example: jukisim drill serve drill

    Example: jukisim drill serve drill --live --speed 60
    """
    _check_extra()
    from simulator.clock import from_ms
    from simulator.console.running import Serving, serve
    from simulator.console.search import parse_time

    begin = parse_time(live_from) if live_from else None
    if live_from and begin is None:
        msg = f"--from {live_from!r} is no time; write 2025-07-01T08:30"
        raise UsageError(msg)
    serving = Serving(
        host=host, port=port, allow_remote=allow_remote, minutes=minutes, idle_minutes=until_idle,
        live=live, speed=speed, live_from=None if begin is None else from_ms(begin),
    )  # fmt: skip
    serve(drill, key, serving, say)


def _check_extra() -> None:
    from importlib.util import find_spec

    if find_spec("nicegui") is None:
        msg = 'the console needs NiceGUI: pip install "jukisim[console]"'
        raise UsageError(msg)
