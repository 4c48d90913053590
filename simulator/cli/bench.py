"""``jukisim bench``: baselines in a table, results to publish, to check again, and in a list; the fixed benchmark."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Compare detectors: run, table, submit, verify, leaderboard, audit; the fixed benchmark: show, seal, errata.",
)
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]


@app.command("run")
def run(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Scenarios: names or TOML files.")] = None,
    fixed: Annotated[
        str | None, typer.Option("--benchmark", help="A version of the fixed benchmark, such as v1, in their place.")
    ] = None,
    detectors: Annotated[list[str] | None, typer.Option("--with", help="Detector; all baselines if not given.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many open seeds, 1 to N.")] = 3,
    track: Annotated[str, typer.Option(help="log-only or auditor-view.")] = "auditor-view",
    training: Annotated[
        str | None, typer.Option(help="Scenario that detectors learn from; that of the run if not given.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="CSV file of every row, kept after each run: a stopped bench goes on there.")
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """Make runs, let every detector score them, show means over seeds with their intervals.

    Examples: jukisim bench run demo --seeds 12 --out rows.csv  ·  jukisim bench run --benchmark v1 --out rows.csv
    """
    from simulator import bench, detect

    names = tuple(detectors or detect.names())
    given = scenarios or []
    chosen = bench.Plan(detectors=names, scenarios=given, seeds=range(1, seeds + 1), track=track, training=training)
    plan = bench.benchmark(fixed).plan(names) if fixed else chosen
    show(bench.table(bench.run(plan, say, out)), form)


@app.command("table")
def table(
    rows: Annotated[Path, typer.Argument(help="CSV file that bench run --out wrote.")], form: Form = Format.TABLE
) -> None:
    """Show the means over seeds of rows that were kept, without making any run.

    Example: jukisim bench table rows.csv --format markdown
    """
    from simulator import bench

    show(bench.table(bench.rows(rows)), form)


@app.command("show")
def show_fixed(
    version: Annotated[str, typer.Argument(help="Version of the fixed benchmark.")] = "v1", form: Form = Format.TABLE
) -> None:
    """Tell what a version of the fixed benchmark is: scenario, track, metric, and the run of every seed."""
    from simulator import bench

    held = bench.benchmark(version)
    say(f"{held.name}: scenario {held.scenario}, learning from {held.training}, track {held.track}, by {held.metric}")
    show(({"seed": seed, "run": held.roots.get(str(seed), "not sealed yet")} for seed in held.seeds), form)


@app.command("seal")
def seal(
    rows: Annotated[Path, typer.Argument(help="CSV file that bench run --benchmark wrote.")],
    out: Annotated[Path, typer.Option(help="Definition to write (TOML), to be shipped with the package.")],
    version: Annotated[str, typer.Option(help="Version of the fixed benchmark.")] = "v1",
) -> None:
    """Write the roots of the runs into the definition, so that other bytes are another version.

    Example: jukisim bench seal rows.csv --out simulator/bench/v1.toml
    """
    from simulator import bench, spec, storage

    held = bench.sealed(bench.benchmark(version), bench.rows(rows))
    storage.write_bytes(out, spec.to_toml(held).encode())
    say(f"{out}: {held.name}, {len(held.roots)} runs")


@app.command("errata")
def errata(form: Form = Format.TABLE) -> None:
    """List what is known to be wrong with the versions of the fixed benchmark."""
    from dataclasses import asdict

    from simulator import bench

    known = [asdict(erratum) for erratum in bench.errata()]
    say(f"{len(known)} known" if known else "No errata are known.")
    show(known, form)


@app.command("submit")
def submit(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    scores: Annotated[Path, typer.Option(help="Scores file.")],
    out: Annotated[Path, typer.Option(help="Result file to write (JSON).")],
    seed: Annotated[int | None, typer.Option(min=0, help="The seed, if it is open.")] = None,
    detector: Annotated[
        str | None, typer.Option(help="Name of the detector; that of the scores file if not given.")
    ] = None,
) -> None:
    """Score a file and write a result that anyone can check again.

    Example: jukisim bench submit run --scores scores.csv --seed 7 --out result.json
    """
    from simulator import bench
    from simulator.dataset import Dataset
    from simulator.labels import AnswerKey, truth_of

    key = AnswerKey.open(truth_of(run))
    result = bench.submit(Dataset.open(run), key, scores, bench.Terms(seed, detector))
    bench.save(result, out)
    found = result.figures["average_precision"]
    say(f"{out}: {result.kind}, " + (f"average precision {found:.4f}" if found is not None else "no misuse to find"))


@app.command("verify")
def verify(
    result: Annotated[Path, typer.Argument(help="Result file.")],
    scores: Annotated[Path, typer.Option(help="The scores file it names.")],
    run: Annotated[
        Path | None, typer.Option(help="The run it is of; made again from scenario and seed if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The seed, once revealed.")] = None,
    board: Annotated[
        Path | None, typer.Option("--leaderboard", help="CSV file to put the result into, if it holds.")
    ] = None,
) -> None:
    """Check a result: commitment, bytes of the run, scores, figures. Exit 4 if anything differs.

    Examples: jukisim bench verify result.json --scores scores.csv  ·  … --run run --leaderboard leaderboard.csv
    """
    from simulator import bench

    check = bench.verify(result, run, scores, seed) if not board else bench.record(result, run, scores, board, seed)
    for finding in check:
        typer.echo(str(finding))
    if check:
        raise typer.Exit(4)
    say(f"{result} holds: commitment, run, scores and figures agree")


@app.command("leaderboard")
def leaderboard(
    results: Annotated[list[Path], typer.Argument(help="Result files (unverified), or a leaderboard file (.csv).")],
    form: Form = Format.TABLE,
) -> None:
    """List results, the best first; bench verify --leaderboard makes a file of results that hold."""
    from simulator import bench

    show(bench.leaderboard(results), form)


@app.command("audit")
def audit(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    scores: Annotated[Path, typer.Option(help="Scores file of the detector that the auditor uses.")],
    budget: Annotated[int, typer.Option(min=1, help="Reviews an office day.")] = 20,
    delay: Annotated[int, typer.Option(min=0, help="Office days until an event can be reviewed.")] = 1,
    error_rate: Annotated[float, typer.Option(min=0, max=1, help="Share of misuse that a reviewer misses.")] = 0.1,
    false_alarms: Annotated[
        float, typer.Option(min=0, max=1, help="Share of look-alikes that a reviewer takes for misuse.")
    ] = 0.02,
    deterrence: Annotated[
        float, typer.Option(min=0, max=1, help="Chance that a case ends the misuse of a colleague of the section.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(min=0, help="Of the lots; every policy meets the same.")] = 0,
    form: Form = Format.TABLE,
) -> None:
    """Put an auditor into the loop and compare audit policies: what each finds, spares, costs and gets wrong.

    Example: jukisim bench audit run --scores scores.csv --budget 20 --delay 2 --deterrence 0.3
    """
    from dataclasses import asdict

    from simulator import scoring
    from simulator.dataset import Dataset
    from simulator.labels import AnswerKey, truth_of

    office = scoring.AuditOffice(
        per_day=budget, delay_days=delay, error_rate=error_rate, false_alarm_rate=false_alarms, deterrence=deterrence,
        seed=seed,
    )  # fmt: skip
    dataset, key = Dataset.open(run), AnswerKey.open(truth_of(run))
    rows = scoring.judged(dataset, key, scoring.read_scores(scores))
    show((asdict(effect) for effect in scoring.compare(rows, office)), form)
