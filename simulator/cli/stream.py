"""``jukisim stream``: play a run into other tools."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import say

HEADER_HELP = "HTTP Authorization header, such as 'Splunk …'; read from this file."


def stream(
    run: Annotated[Path, typer.Argument(help="Folder of a run (its public half).")],
    to: Annotated[
        str,
        typer.Option(
            help="- , a file, udp://host:port, tcp://host:port, http(s)://host/path, kafka://host:port/topic."
        ),
    ] = "-",
    form: Annotated[
        str, typer.Option("--format", help="ecs, ocsf, hec, elasticsearch, cef, sentinel or syslog.")
    ] = "ecs",
    speed: Annotated[float, typer.Option(min=0, help="Simulated seconds a second; 0: as fast as possible.")] = 0,
    cursor: Annotated[
        Path | None, typer.Option(help="File that holds the last event_id acknowledged; a second call goes on.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many events.")] = None,
    token: Annotated[Path | None, typer.Option(help=HEADER_HELP)] = None,
) -> None:
    """Play a run's log into another tool: at least once, with stable event_ids; syslog is best effort.

    Examples: jukisim stream run --speed 3600  ·  jukisim stream run --format syslog --to udp://127.0.0.1:5514
    """
    from simulator import stream as library
    from simulator.dataset import Dataset

    header = token.read_text(encoding="utf-8").strip() if token else None
    sink = library.sink(to, sys.stdout.buffer, header)
    played = library.play(Dataset.open(run), form, sink, speed=speed, cursor=cursor, limit=limit)
    say(f"{played.events:,} events sent to {to}; the last is {played.last}")
