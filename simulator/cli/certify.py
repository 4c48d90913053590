"""``jukisim certify``: what holds for the people of a run, so that an outsider can check it again."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.make import SEED_LIMIT
from simulator.cli.output import Format, say, show


def certify(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the certificate to make.")] = None,
    against: Annotated[Path | None, typer.Option(help="Instead: a certificate to hold the run against.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=SEED_LIMIT - 1, help="Seed, if RUN.truth is not beside RUN.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Certify the people of a run: margins, kinship, unique numbers, replay of changes as SQL with its answers.

    Exit 4 if something does not hold. Example: jukisim certify run --out certificate
    """
    from simulator import certify as library
    from simulator.dataset import Dataset

    findings, rows = library.carry_out(Dataset.open(run), out, against, seed)
    show(rows, form)
    for finding in findings:
        say(str(finding))
    if findings:
        raise typer.Exit(4)
    say(f"every check holds: {out or against}")
