"""Commands on a run in use: disclose and serve."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show
from simulator.cli.query import _clock

Run = Annotated[Path, typer.Argument(help="Folder of a run; RUN.keys must lie beside it.")]


def disclose(
    run: Run,
    resident: Annotated[str, typer.Option(help="Resident code (11 digits), or the pseudonym that a search shows.")],
    municipality: Annotated[str | None, typer.Option(help="Six digits; needed if the run has several.")] = None,
    database: Annotated[str | None, typer.Option(help="postgresql://… of register and live log.")] = None,
    at: Annotated[str | None, typer.Option(help="When it is asked, as 2025-07-01T10:30.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Tell a citizen who looked at their record (本人開示): when, what for, which section, which items.

    Some uses are told later and some not at all, as the law has it. The question itself is recorded in RUN.live.
    """
    from simulator.live.citizen import who_looked
    from simulator.live.desk import Live

    with Live.open(run, municipality=municipality, database=database, clock=_clock(at), wait_s=5.0) as live:
        told = who_looked(live, resident)
    show(told.rows, form)
    say(f"{len(told.rows)}件。{told.withheld}")


def serve(
    run: Run,
    host: Annotated[str, typer.Option(help="Address; another than loopback needs --allow-remote.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one and says which.")] = 8482,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen beyond this machine; anyone who reaches it can log on.")
    ] = False,
    municipality: Annotated[str | None, typer.Option(help="Six digits; needed if the run has several.")] = None,
    database: Annotated[str | None, typer.Option(help="postgresql://… of register and live log.")] = None,
    per_second: Annotated[int, typer.Option(min=1, help="Most requests of one member of staff in a second.")] = 20,
    per_minute: Annotated[int, typer.Option(min=1, help="Most requests of one member of staff in a minute.")] = 600,
    seconds: Annotated[int | None, typer.Option(min=1, help="Stop by itself after so many seconds.")] = None,
) -> None:
    """Serve the questions over HTTP until stopped; /docs has the OpenAPI pages, /disclosure the citizen's page.

    One process writes RUN.live, a second is refused; in PostgreSQL they take turns. Ctrl-C ends in order.
    """
    from simulator import server
    from simulator.live.rate import Limits

    limits = Limits(per_second, per_minute)
    address = server.Address(host=host, port=port, allow_remote=allow_remote, seconds=seconds)
    server.serve(run, address, municipality=municipality, database=database, limits=limits, announce=say)
