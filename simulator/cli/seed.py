"""``jukisim seed``: the register of a run as test data in a developer's own database."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import progress, say


def seed(
    run: Annotated[Path, typer.Argument(help="Folder of a run (its public half).")],
    target: Annotated[str, typer.Argument(help="postgresql://…, sqlite:///town.db, or the path of a SQLite file.")],
    municipality: Annotated[
        str | None, typer.Option(help="Only this municipality (six digits); without it each gets its own place.")
    ] = None,
    schema: Annotated[str | None, typer.Option(help="PostgreSQL schema instead of public.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Seed anew what an earlier seeding made.")] = False,
) -> None:
    """Fill a test database with the register of a run: code masters, addresses, households, residents, changes.

    Nothing of yours is overwritten, and a seeding that is stopped leaves nothing behind.

    Example: jukisim seed run town.db

    Example: jukisim seed run postgresql://tester@localhost/town --replace
    """
    from simulator import seed as library
    from simulator.dataset import Dataset

    dataset = Dataset.open(run)
    order = library.Order(target=target, municipality=municipality, schema=schema, replace=replace)
    with progress(library.stages(dataset, order)) as stage:
        seeded = library.seed(dataset, order, stage)
    for one in seeded:
        say(one.words())
