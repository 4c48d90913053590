"""``jukisim privacy``: what pseudonyms protect and what they do not, measured."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure what pseudonyms protect, and what they do not. No figure here proves that data are anonymous.",
)
Run = Annotated[Path, typer.Argument(help="Folder of a run (its public half).")]
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed, another draw.")]
Keys = Annotated[
    Path | None,
    typer.Option(help="Keyring of the run (RUN.keys/keyring); without it only keyless attackers are shown."),
]


@app.command()
def unicity(
    run: Run,
    knowledge: Annotated[
        list[str] | None,
        typer.Option(help="What is known of an access, as municipality,hour,purpose; may be repeated."),
    ] = None,
    k: Annotated[
        list[int] | None, typer.Option("--k", min=1, help="How many accesses are known; may be repeated.")
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="Residents tried for each row.")] = 1_000,
    seed: Seed = 0,
    form: Form = Format.TABLE,
) -> None:
    """How few known accesses single out a resident in the log, without any key.

    A time (hour, day, week, month) and what else is known of an access: municipality, prefecture, section, office,
    terminal, purpose, action, screen, actor. This is why a real log is not anonymous because it holds pseudonyms.

    Example: jukisim privacy unicity run --knowledge municipality,hour --k 2
    """
    from simulator import privacy
    from simulator.dataset import Dataset
    from simulator.privacy.uniqueness import KNOWLEDGE, explain

    known = [text.split(",") for text in knowledge] if knowledge else KNOWLEDGE
    rows = privacy.unicity(Dataset.open(run), known, k or (1, 2, 3), sample=sample, seed=seed)
    show(rows, form)
    say(explain(max(rows, key=lambda row: row["share"])))


@app.command()
def coincidences(
    run: Run,
    town: Annotated[int, typer.Option(min=1, help="People of a real town with which it may be confused.")] = 100_000,
    form: Form = Format.TABLE,
) -> None:
    """How many made-up people share name and birth date with somebody who lives, by chance.

    No person was copied; the figures say how many namesakes to expect all the same. Shares of given names are assumed
    in part, so read the order of magnitude.

    Example: jukisim privacy coincidences run
    """
    from simulator import privacy
    from simulator.dataset import Dataset

    show(privacy.coincidences(Dataset.open(run), town), form)


@app.command()
def anonymity(
    path: Annotated[Path, typer.Argument(help="A run with --table, or a file: .csv, .jsonl, .parquet.")],
    by: Annotated[str, typer.Option(help="Quasi-identifiers: what may be known from elsewhere, as district,age_band.")],
    sensitive: Annotated[str, typer.Option(help="Columns that must not be learned, as protected.")] = "",
    table: Annotated[str | None, typer.Option(help="Table of the run.")] = None,
    wanted: Annotated[int, typer.Option("--k", min=1, help="Rows of a group that are enough.")] = 10,
    check: Annotated[bool, typer.Option("--check", help="Exit 4 if a group is smaller than --k.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """The k-anonymity, l-diversity and t-closeness of a table or an export.

    Rows that agree in --by form a group. k: rows of the smallest group. l: fewest different values of a sensitive
    column in a group. t: greatest distance of a group's values from those of the whole table.

    Example: jukisim privacy anonymity run --table attribute --by district,age_band --sensitive protected
    """
    from simulator import privacy

    found = privacy.anonymity(privacy.read_table(path, table), _names(by), _names(sensitive), wanted)
    show(found.table(), form)
    if check and found.k < wanted:
        say(f"the smallest group has {found.k} rows; {wanted} are wanted")
        raise typer.Exit(4)


@app.command()
def scan(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to look through.")],
    run: Annotated[Path | None, typer.Option(help="Run whose resident codes and My Numbers must not be there.")] = None,
    keys: Annotated[Path | None, typer.Option(help="Keyring whose keys must not be there.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Look for resident codes, My Numbers and keys where none may be: exports, logs, reports, a run's own log.

    Tables, SQLite files, zip and gzip are opened. Of a run the register is left out, which holds codes rightly. A
    finding tells where, never what. Exit 0: nothing found. Exit 4: something was.

    Example: jukisim privacy scan run exported server.log --run run --keys run.keys/keyring
    """
    from simulator import privacy
    from simulator.dataset import Dataset
    from simulator.pseudonym.keyring import Keyring

    secrets = privacy.Secrets.of(Dataset.open(run) if run else None, Keyring.load(keys) if keys else None)
    found = privacy.scan(paths, secrets)
    show(({"file": x.file, "place": x.place, "what": x.kind, "count": x.count} for x in found), form)
    if found:
        raise typer.Exit(4)
    say("nothing found")


@app.command()
def attack(
    run: Run,
    keys: Keys = None,
    candidates: Annotated[int, typer.Option(min=1, help="Codes to try.")] = 1_000_000,
    targets: Annotated[int, typer.Option(min=1, help="Pseudonyms to undo.")] = 1_000,
    seed: Seed = 0,
    form: Form = Format.TABLE,
) -> None:
    """Try to undo pseudonyms with a dictionary of codes: with the realm's key all fall, without it none.

    For teaching. No code is shown, only how many fell and how long all codes of the nation would take on one core.

    Example: jukisim privacy attack run --keys run.keys/keyring
    """
    from simulator import privacy
    from simulator.dataset import Dataset
    from simulator.pseudonym.keyring import Keyring

    ring = Keyring.load(keys) if keys else None
    show(privacy.attack(Dataset.open(run), ring, candidates=candidates, targets=targets, seed=seed), form)
    say("All protection is custody of the key: eleven digits can be tried in an hour by whoever has it.")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
