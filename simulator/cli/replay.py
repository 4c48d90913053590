"""``jukisim replay``: ask a run's days again at a server."""

import contextlib
import csv
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.output import Format, say, show
from simulator.errors import MissingError, UsageError

if TYPE_CHECKING:
    from simulator.replay import Difference, Summary
    from simulator.replay.serving import Home

DAY_HELP = "such as 2025-05-12; all days of the run without --since and --until."


def replay(
    run: Annotated[Path, typer.Argument(help="Folder of a run; RUN.keys must lie beside it.")],
    to: Annotated[
        str | None,
        typer.Option(
            help="Address of a server of the run, such as http://127.0.0.1:8482; its clock is its own. "
            "Without it one is started here, whose clock follows the run."
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(help=f"First day, {DAY_HELP}")] = None,
    until: Annotated[str | None, typer.Option(help=f"Last day, {DAY_HELP}")] = None,
    municipality: Annotated[str | None, typer.Option(help="Six digits; needed if the run has several.")] = None,
    speed: Annotated[float, typer.Option(min=0, help="Simulated seconds a second; 0: as fast as possible.")] = 0,
    cursor: Annotated[
        Path | None, typer.Option(help="File that holds the last event asked; a second call goes on after it.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Live log of the server that is started here, to be kept.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file of everything that differs, event by event.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Ask a run's days again over HTTP, log-on by log-on and request by request, and say what differs from its log.

    What the log never held (a credential, a text that found nobody) cannot be asked again and is counted by its reason.

    Examples: jukisim replay run --since 2025-05-12 --until 2025-05-13  ·  jukisim replay run --to http://127.0.0.1:8482
    """  # fmt: skip
    from simulator import replay as library
    from simulator.dataset import Dataset
    from simulator.live.opening import chosen

    found = Dataset.open(run)
    code = chosen(found, municipality)
    days = library.days_of(found, code, _window(since, until))
    with contextlib.ExitStack() as stack:
        home = None if to else stack.enter_context(_home(run, log, code))
        line = stack.enter_context(library.Line(home.address if home else to or ""))
        desk = library.Desk(line, pace=library.Pace(speed), cursor=cursor)
        if home is not None:
            desk.at = home.set
        told = stack.enter_context(_telling(out))
        summary = library.replay(days, library.Asker.of(run, code), desk, log=home.log if home else None, told=told)
    _report(summary, form)


def _window(since: str | None, until: str | None) -> tuple[date, date] | None:
    if since is None and until is None:
        return None
    return _day(since) if since else date.min, _day(until) if until else date.max


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"{text}: a day is written as 2025-05-12"
        raise UsageError(msg) from error


@contextlib.contextmanager
def _home(run: Path, log: Path | None, code: str) -> "Iterator[Home]":
    try:
        from simulator.replay.serving import at_home
    except ImportError as error:
        msg = "a server of our own needs the extra `server`: pip install 'jukisim[server]'; or name one by --to"
        raise MissingError(msg) from error
    with (
        tempfile.TemporaryDirectory(prefix="jukisim-replay-") as folder,
        at_home(run, log or Path(folder) / "live.db", code) as home,
    ):
        yield home


@contextlib.contextmanager
def _telling(out: Path | None) -> "Iterator[Callable[[Summary, list[Difference]], None]]":
    """What is told after each day: a line, and rows of the file `out`."""
    with contextlib.ExitStack() as stack:
        writer = csv.writer(stack.enter_context(out.open("w", encoding="utf-8", newline=""))) if out else None
        if writer is not None:
            writer.writerow(("event_id", "column", "run", "server"))

        def told(summary: "Summary", found: "list[Difference]") -> None:
            say(f"{summary.events:,} events, {summary.asked:,} asked again, {summary.same:,} the same")
            if writer is not None:
                writer.writerows((each.event_id, each.column, _text(each.run), _text(each.server)) for each in found)

        yield told


def _text(value: object) -> str:
    """Pseudonyms as hexadecimal digits."""
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return value.hex() if isinstance(value, bytes) else "" if value is None else str(value)


def _report(summary: "Summary", form: Format) -> None:
    kept = [{"what": f"not asked: {why}", "events": count} for why, count in summary.not_held.most_common()]
    differing = [{"what": f"differs: {column}", "events": count} for column, count in summary.columns.most_common()]
    head = [{"what": "the same", "events": summary.same}]
    show([*head, *differing, *kept], form)
    share = summary.same / summary.asked if summary.asked else 0.0
    say(
        f"{summary.same:,} of {summary.asked:,} events asked again are the same ({share:.1%}), but for clock, numbers "
        f"and session; {summary.opened:,} requests had to be made besides (log-ons, requests before an approval)"
    )
