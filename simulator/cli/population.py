"""``jukisim population``: look at any one resident of the nation without making the others."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.make import DEMO_SEED, SEED_LIMIT, CheckDigits, Collisions, Jobs
from simulator.cli.output import Format, count, say, show

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The people: any resident, tables of any size.")
Seed = Annotated[int, typer.Option(min=0, max=SEED_LIMIT - 1, help="Seed of the nation: the same as of a run.")]
Form = Annotated[Format, typer.Option("--format", help="Form on stdout; json keeps the parts apart.")]
Scenario = Annotated[str, typer.Option(help="Scenario whose window and population hold: a name or a TOML file.")]


@app.command("show")
def show_resident(
    municipality: Annotated[str | None, typer.Option(help="Six-digit code of a municipality.")] = None,
    index: Annotated[int | None, typer.Option(min=0, help="Which resident of it, from 0.")] = None,
    code: Annotated[str | None, typer.Option(help="Instead of both: a resident code, eleven digits.")] = None,
    residents: Annotated[int | None, typer.Option(min=1, help="Residents of each municipality.")] = None,
    seed: Seed = DEMO_SEED,
    scenario: Scenario = "demo",
    form: Annotated[
        Format, typer.Option("--format", help="Form on stdout; json keeps the parts apart.")
    ] = Format.TABLE,
) -> None:
    """Show one resident with household, address, kin and history; only the block they live in is made.

    Example: jukisim population show --municipality 482013 --index 12345
    """
    from simulator import scenario as scenarios

    entry = scenarios.load(scenario).nation(seed, residents).find(municipality, index, code)
    show([entry.parts] if form is Format.JSON else entry.rows(), form)
    say(entry.words)


@app.command("make")
def make_tables(
    out: Annotated[Path, typer.Option(help="Folder to make.")],
    residents: Annotated[int, typer.Option(min=1, help="How many residents.")] = 100_000,
    municipality: Annotated[str, typer.Option(help="Six-digit code of the municipality.")] = "482013",
    form: Annotated[str, typer.Option("--to", help="parquet or sqlite.")] = "parquet",
    seed: Seed = DEMO_SEED,
    scenario: Scenario = "demo",
    key: Annotated[Path | None, typer.Option(help="Pseudonym key file; without it the insecure default.")] = None,
    jobs: Jobs = 2,
    check_digits: CheckDigits = None,
    collisions: Collisions = False,
) -> None:
    """Write the tables of as many people as wanted, without offices or log, in flat memory.

    Example: jukisim population make --residents 1000000 --to sqlite --out people
    """
    from dataclasses import replace

    from simulator import populate as library

    wish = library.wish(
        scenario, municipality, seed=seed, residents=residents, key=key, digits=(check_digits, collisions)
    )
    with count(residents) as progress:
        rows = library.populate(replace(wish, form=form, jobs=jobs), out, progress)
    show({"table": table, "rows": number} for table, number in rows.items())
    say(f"{out}: {rows['resident']:,} residents")


@app.command("errors")
def errors(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[Path, typer.Option(help="Folder to make; the answer key goes to OUT.truth.")],
    count: Annotated[
        list[str] | None, typer.Option(help="Exact number of one kind of error, kind=number; again for each kind.")
    ] = None,
    people: Annotated[int | None, typer.Option(min=1, help="People who take part; all if not given.")] = None,
    only_a: Annotated[int | None, typer.Option(min=0, help="Of them in list A only; 5 % if not given.")] = None,
    only_b: Annotated[int | None, typer.Option(min=0, help="Of them in list B only; 5 % if not given.")] = None,
    duplicates: Annotated[int | None, typer.Option(min=0, help="Second records in list B; 2 % if not given.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=SEED_LIMIT - 1, help="Seed of the draws.")] = 0,
    form: Annotated[str, typer.Option("--format", help="csv, jsonl or parquet.")] = "csv",
) -> None:
    """Write two lists of a run's people for record linkage (名寄せ): B with errors and duplicates, at exact counts.

    Example: jukisim population errors run --out lists --count ime=120 --count variant=80
    """
    from simulator import linkage
    from simulator.dataset import Dataset

    wanted = linkage.LinkageSpec(
        seed=seed, people=people, only_a=only_a, only_b=only_b, duplicates=duplicates,
        errors=linkage.parse_counts(count or ()),
    )  # fmt: skip
    made = linkage.write_lists(Dataset.open(run), wanted, out, form)
    show({"kind": kind, "errors": number} for kind, number in made.counts.items())
    say(f"{out}: {made.a.height:,} and {made.b.height:,} records; the answer key is in {out}.truth")


@app.command("error-kinds")
def error_kinds(form: Annotated[Format, typer.Option("--format", help="Form of the table.")] = Format.TABLE) -> None:
    """List the kinds of errors that jukisim population errors makes, with the share of records that have each."""
    from simulator.linkage import KINDS

    show(({"kind": k.name, "種別": k.title_ja, "what": k.title_en, "rate": k.rate} for k in KINDS.values()), form)


@app.command("score-links")
def score_links(
    truth: Annotated[Path, typer.Argument(help="Folder of the answer key: OUT.truth of population errors.")],
    links: Annotated[Path, typer.Option(help="CSV file of the pairs found: record_a,record_b.")],
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Hold the pairs that a linkage found against the answer key: recall, precision, and recall by kind of error.

    Example: jukisim population score-links lists.truth --links found.csv
    """
    from simulator import linkage

    show(linkage.score_links(truth, links).rows(), form)


@app.command("edge-cases")
def edge_cases(
    out: Annotated[Path | None, typer.Option(help="Folder to make: the list and a register of these people.")] = None,
    residents: Annotated[int, typer.Option(min=1, help="How many people are looked through.")] = 60_000,
    municipality: Annotated[str, typer.Option(help="Six-digit code of the municipality.")] = "482013",
    seed: Seed = DEMO_SEED,
    scenario: Scenario = "demo",
    jobs: Jobs = 2,
    form: Annotated[Format, typer.Option("--format", help="Form of the list on stdout.")] = Format.TABLE,
) -> None:
    """List residents who break systems, each kind by name: longest name, 外字, unknown birth date, twins.

    With --out they are written as a register of their own, with everyone whom their records need: edge_cases.csv
    says who is which case, the other files are the tables (CSV, UTF-8 with BOM).

    Example: jukisim population edge-cases --out edge-cases
    """
    from simulator.cases import catalogue as cases
    from simulator.scenario import load

    made = cases.catalogue(seed, load(scenario).window, municipality, residents, jobs)
    if out is not None:
        files = cases.write(made, out)
        say(f"{out}: {len(files)} files, {made.people.residents.height:,} residents")
    told = ("case", "名称", "made", "resident_no", "family_name", "given_name", "birth_date", "address")
    show(made.cases.select(told).iter_rows(named=True), form)


@app.command("transaction-cases")
def transaction_cases(
    topic: Annotated[str | None, typer.Option(help="Only one: change, protection or unknown.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form on stdout; csv and json hold every column.")] = (
        Format.TABLE
    ),
) -> None:
    """List transaction cases: the record before, the notice, 受理 or alert or error, the record after, the certificate.

    All kinds of 異動, protection measures, and dates of which not all is known. Each says what computed it and by
    which law. In pytest, a test that takes transaction_case runs once for each.

    Example: jukisim population transaction-cases --format csv > cases.csv
    """
    from simulator.cases import transaction_cases as cases
    from simulator.errors import UnknownNameError

    topics = {case.topic for case in cases()}
    if topic is not None and topic not in topics:
        raise UnknownNameError("topic", topic, topics)
    rows = [case.row() for case in cases() if topic in (None, case.topic)]
    brief = ("name", "what", "expected", "message", "by")
    show(({name: row[name] for name in brief} for row in rows) if form is Format.TABLE else rows, form)
