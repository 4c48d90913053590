"""``jukisim bench``: baselines in a table, results to publish, to check again, and in a list."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.output import Format, say, show

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Compare detectors: run, submit, verify, leaderboard."
)
Form = Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")]


@app.command("run")
def run(
    scenarios: Annotated[list[str], typer.Argument(help="Scenarios: names or TOML files.")],
    detectors: Annotated[list[str] | None, typer.Option("--with", help="Detector; all baselines if not given.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many open seeds, 1 to N.")] = 3,
    track: Annotated[str, typer.Option(help="log-only or auditor-view.")] = "auditor-view",
    out: Annotated[Path | None, typer.Option(help="Also write every row to this CSV file.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Make runs, let every detector score them, show means over seeds with their intervals.

    Example: jukisim bench run demo --seeds 12 --out table.csv
    """
    from simulator import bench, detect

    rows = bench.run(detectors or detect.names(), scenarios, range(1, seeds + 1), track, say)
    if out is not None:
        rows.write_csv(out)
    show(bench.table(rows), form)


@app.command("submit")
def submit(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    scores: Annotated[Path, typer.Option(help="Scores file.")],
    out: Annotated[Path, typer.Option(help="Result file to write (JSON).")],
    seed: Annotated[int | None, typer.Option(min=0, help="The seed, if it is open.")] = None,
) -> None:
    """Score a file and write a result that anyone can check again."""
    from simulator import bench
    from simulator.dataset import Dataset
    from simulator.labels import AnswerKey

    key = AnswerKey.open(run.with_name(f"{run.name}.truth"))
    result = bench.submit(Dataset.open(run), key, scores, seed)
    bench.save(result, out)
    say(f"{out}: {result.kind}, average precision {result.figures['average_precision']:.4f}")


@app.command("verify")
def verify(
    result: Annotated[Path, typer.Argument(help="Result file.")],
    run: Annotated[Path, typer.Option(help="The run it is of.")],
    scores: Annotated[Path, typer.Option(help="The scores file it names.")],
    seed: Annotated[int | None, typer.Option(min=0, help="The seed, once revealed.")] = None,
) -> None:
    """Check a result: commitment, bytes of the run, scores, figures. Exit 4 if anything differs."""
    from simulator import bench

    findings = bench.verify(result, run, scores, seed)
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        raise typer.Exit(4)
    say(f"{result} holds: commitment, run, scores and figures agree")


@app.command("leaderboard")
def leaderboard(
    results: Annotated[list[Path], typer.Argument(help="Result files.")], form: Form = Format.TABLE
) -> None:
    """List results, the best first."""
    from simulator import bench

    show(bench.leaderboard(results), form)
