"""Commands that look: inspect, verify, scenarios, archetypes, schema, doctor."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show

Run = Annotated[Path, typer.Argument(help="Folder of a run (its public half).")]
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]

scenarios = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Scenarios: list them, show or check one.")
archetypes = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Kinds of misuse and their look-alikes.")


def inspect(
    run: Run,
    report: Annotated[Path | None, typer.Option(help="Also write a page with pictures to this HTML file.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Say what is in a run: its tables and their rows, and with --report in pictures."""
    from simulator.dataset import Dataset

    found = Dataset.open(run)
    show(({"table": name, "rows": rows} for name, rows in sorted(found.manifest.rows.items())), form)
    if report is not None:
        from simulator import report as pages

        pages.write_run_page(found, report)
        say(f"Page: {report}")


def verify(
    run: Run,
    checkpoint: Annotated[Path | None, typer.Option(help="Checkpoint of the run that was kept elsewhere.")] = None,
    population: Annotated[bool, typer.Option("--population", help="Look for impossible people as well.")] = False,
    truth: Annotated[bool, typer.Option("--truth", help="Derive the answer key again from the facts as well.")] = False,
    database: Annotated[str | None, typer.Option(help="postgresql://… that holds live logs of the run.")] = None,
    signer: Annotated[str | None, typer.Option(help="Verifier key that must have signed a live log's head.")] = None,
) -> None:
    """Check a run: digests of all files, the tree of every audit log, the live log, and a checkpoint kept elsewhere.

    The checkpoint is the run's, or a live log's (jukisim audit head --live, or a copy of RUN.live/CODE.checkpoint).

    Exit 0: whole. Exit 4: something was changed; every place is named.
    """
    from simulator import dataset
    from simulator.live import verification

    live = checkpoint is not None and _is_live(checkpoint)
    findings = dataset.verify(run, None if live else checkpoint)
    if not findings:
        opened = dataset.Dataset.open(run)
        kept = verification.read_head(checkpoint, signer) if live and checkpoint else None
        beside = verification.verify_beside(run, opened.root, None if database else kept)
        beside += verification.verify_served(opened, database, kept) if database else []
        findings = [dataset.Finding(place, what) for place, what in beside]
    if population and not findings:
        findings = dataset.verify_people(dataset.Dataset.open(run))
    if truth and not findings:
        from simulator.rederive import rederive

        findings = rederive(run)
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        raise typer.Exit(4)
    say(f"{run} is whole: every file, every record of the log" + (", and the checkpoint." if checkpoint else "."))


def _is_live(checkpoint: Path) -> bool:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return checkpoint.read_text(encoding="utf-8").startswith("jukisim/live/")
    return False


@scenarios.command("list")
def scenarios_list(form: Form = Format.TABLE) -> None:
    """List the shipped scenarios."""
    from simulator import scenario

    loaded = (scenario.load(name) for name in scenario.names())
    show(({"scenario": s.name, "題名": s.title_ja, "title": s.title_en} for s in loaded), form)


@scenarios.command("show")
def scenarios_show(name: Annotated[str, typer.Argument(help="Name or TOML file.")]) -> None:
    """Show a scenario as TOML, ready to be copied and changed."""
    from simulator import scenario, spec

    typer.echo(spec.to_toml(scenario.load(name)), nl=False)


@scenarios.command("check")
def scenarios_check(path: Annotated[str, typer.Argument(help="Name or TOML file.")]) -> None:
    """Check a scenario file; a wrong key is answered with the right ones."""
    from simulator import scenario

    say(f"{scenario.load(path).name}: in order")


@scenarios.command("calibrate")
def scenarios_calibrate(
    folder: Annotated[Path, typer.Argument(help="Folder with ages.csv and the other small tables of your town.")],
    out: Annotated[
        Path | None, typer.Option(help="TOML file to write; generate takes it in the place of a name.")
    ] = None,
    base: Annotated[str, typer.Option("--from", help="Scenario that gives all that the tables do not tell.")] = "town",
    least_cell: Annotated[int, typer.Option(min=3, help="Smallest count of people or cases that is read.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of the town that is made to see what is reached.")] = 1,
    example: Annotated[
        bool, typer.Option("--example", help="Write tables to begin with into FOLDER, and stop.")
    ] = False,
    form: Form = Format.TABLE,
) -> None:
    """Fit a scenario to the margins of your own town: small tables of counts, never records.

    ages.csv (age_from, age_to, sex, people) is needed; households.csv (size, households), nationality.csv (group,
    people), sections.csv (section, staff) and volumes.csv (procedure, cases_a_year) may stand beside it, in UTF-8 or
    CP932, headings in English or Japanese (--example writes all five). Any other column, too many rows or a cell of
    fewer than --least-cell is refused. Names, addresses and the municipality stay fictional.

    The table says what was wanted, what towns of the scenario have on average, and what one made from it has.

    Examples: jukisim scenarios calibrate my-town --example  ·  jukisim scenarios calibrate my-town --out my-town.toml
    """
    from simulator import calibrate, scenario

    chosen = scenario.load(base)
    if example:
        paths = calibrate.write_example(chosen, folder)
        say(f"{', '.join(map(str, paths))}: the nation's margins; put yours in their place")
        return
    found = calibrate.calibrate(calibrate.read(folder, least_cell), chosen, seed)
    if out is not None:
        found.write(out)
    show(found.rows, form)
    say(
        "Nothing was written; --out FILE.toml keeps it" if out is None else f"jukisim generate {out} --seed 1 --out run"
    )


@archetypes.command("list")
def archetypes_list(form: Form = Format.TABLE) -> None:
    """List misuse, errors and look-alikes."""
    from simulator.workload import archetypes as library

    show((record.row() for record in library.records().values()), form)


@archetypes.command("show")
def archetypes_show(name: Annotated[str, typer.Argument(help="Name of an archetype.")]) -> None:
    """Show one archetype: how it looks from outside, its knobs, its sources."""
    from simulator.workload import archetypes as library

    typer.echo(library.record(name).page())


def schema(
    table: Annotated[str | None, typer.Argument(help="A table; without it all tables are listed.")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="Items of the standard specification instead.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Explain the tables and columns of a run, or which items of the standard resident record (標準仕様書) it holds.

    Example: jukisim schema --coverage --format csv
    """
    from simulator import schema as tables

    if coverage:
        from simulator.schema import coverage as standard

        show(standard.coverage(), form)
        say(standard.tally())
    elif table is None:
        show(tables.overview(), form)
    else:
        show(tables.describe(tables.table(table)), form)


def doctor(form: Form = Format.TABLE) -> None:
    """Show versions, optional parts, and what to know of the database engine here."""
    from simulator import doctor as library

    show(library.examine(), form)
