"""How commands speak: tables on stdout, words and progress on stderr."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import typer


class Format(StrEnum):
    """Forms of a table on stdout."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


def say(words: str) -> None:
    """Write a line for the reader, not for a program: to stderr."""
    typer.echo(words, err=True)


def show(rows: Iterable[Mapping[str, Any]], form: Format = Format.TABLE) -> None:
    """Write `rows`, which share their keys, to stdout."""
    table = list(rows)
    if form is Format.JSON:
        typer.echo(json.dumps(table, ensure_ascii=False, indent=1, default=str))
    elif form is Format.CSV:
        _csv(table)
    elif form is Format.MARKDOWN:
        _markdown(table)
    else:
        _table(table)


def _csv(rows: Sequence[Mapping[str, Any]]) -> None:
    import csv

    writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _markdown(rows: Sequence[Mapping[str, Any]]) -> None:
    for cells in [*([list(rows[0]), ["---"] * len(rows[0])] if rows else []), *(list(row.values()) for row in rows)]:
        typer.echo("| " + " | ".join("" if cell is None else str(cell).replace("|", "\\|") for cell in cells) + " |")


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0] if rows else []:
        numeric = all(isinstance(row[name], int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    console = Console(highlight=False)
    console.print(table) if console.is_terminal else Console(highlight=False, width=200).print(table)


@contextlib.contextmanager
def progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on stderr of `steps` stages; call what it gives at the start of each, with its name."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=steps)
        done = -1

        def stage(name: str) -> None:
            nonlocal done
            done += 1
            bars.update(task, completed=done, description=name)

        yield stage


@contextlib.contextmanager
def meter() -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr with the remaining time; call what it gives with words and the share that is done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TextColumn("remaining"), TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=1.0)
        yield lambda words, share: bars.update(task, completed=share, description=words)


@contextlib.contextmanager
def count(whole: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr of `whole` things; call what it gives with how many more are done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=whole)
        yield lambda done: bars.advance(task, done)
