"""``jukisim seed``: the register of a run as test data in a developer's own database, or as files for it."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import progress, say


def seed(
    run: Annotated[Path, typer.Argument(help="Folder of a run (its public half).")],
    target: Annotated[
        str, typer.Argument(help="postgresql://…, sqlite:///town.db, the path of a SQLite file; with --as a folder.")
    ],
    form: Annotated[
        str | None,
        typer.Option("--as", help="Files instead: csv, fixed, or SQL for mariadb (MySQL), postgresql, sqlite, oracle."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of csv and fixed: utf-8, utf-8-bom, cp932 (Shift_JIS), utf-16.")
    ] = None,
    characters: Annotated[
        str | None, typer.Option(help="What the receiver can hold: mj-plus, mj, x0213, cp932. The rest is replaced.")
    ] = None,
    ivs: Annotated[
        bool, typer.Option("--ivs/--no-ivs", help="Keep variation selectors where the set has them.")
    ] = True,
    fields: Annotated[
        str | None,
        typer.Option("--map", help="Field map: a TOML file of yours, or the name of a shipped one."),
    ] = None,
    municipality: Annotated[
        str | None, typer.Option(help="Only this municipality (six digits); without it each gets its own place.")
    ] = None,
    schema: Annotated[str | None, typer.Option(help="PostgreSQL schema instead of public.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Make anew what an earlier seeding made.")] = False,
) -> None:
    """Fill a test database with the register of a run: code masters, addresses, households, residents, changes.

    Nothing of yours is overwritten, and a seeding that is stopped leaves nothing behind. With --as it writes files,
    with the width of every column (widths.csv) and every replaced character (characters.csv).

    Example: jukisim seed run town.db

    Example: jukisim seed run postgresql://tester@localhost/town --replace

    Example: jukisim seed run town-files --as fixed --encoding cp932 --map my-layout.toml
    """
    from simulator import seed as library
    from simulator.dataset import Dataset

    dataset = Dataset.open(run)
    order = library.Order(
        target=target, form=form, encoding=encoding, characters=characters, selectors=ivs, fields=fields,
        municipality=municipality, schema=schema, replace=replace,
    )  # fmt: skip
    with progress(library.stages(dataset, order)) as stage:
        seeded = library.seed(dataset, order, stage)
    for one in seeded:
        say(one.words())
