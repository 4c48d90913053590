"""Commands that use a run: detect, score, export."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.ask import PassphraseFile, answer_key
from simulator.cli.output import Format, say, show

Run = Annotated[Path, typer.Argument(help="Folder of a run (its public half).")]


def detect(
    run: Run,
    out: Annotated[Path, typer.Option(help="Scores file to write: event_id,score. CSV or Parquet by its ending.")],
    name: Annotated[
        str, typer.Option("--with", help="Name of a baseline, or module:Class of your own detector.")
    ] = "rules",
) -> None:
    """Let a detector score every event of a run; higher is more suspicious.

    Example: jukisim detect run --with has_reason --out scores.csv
    """
    from simulator import detect as library
    from simulator.dataset import Dataset

    scores = library.run(Dataset.open(run), name)
    library.write_scores(scores, out)
    say(f"{out}: {scores.height:,} scores by {name}")


def score(
    run: Run,
    scores: Annotated[Path, typer.Option(help="Scores file: event_id,score for every event. CSV or Parquet.")],
    truth: Annotated[
        Path | None, typer.Option(help="The answer key: a folder, or a sealed file; that beside RUN if not given.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    report: Annotated[Path | None, typer.Option(help="Also write a page with pictures to this HTML file.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the table on stdout.")] = Format.TABLE,
) -> None:
    """Hold scores against the answer key: what an auditor with a small budget would have found.

    Example: jukisim score run --scores scores.csv --report report.html
    """
    from simulator import score as library
    from simulator.dataset import Dataset
    from simulator.labels import truth_of

    dataset = Dataset.open(run)
    key = answer_key(truth or truth_of(run), passphrase_file)
    card = library.score_file(dataset, key, scores)
    show(card.rows(), form)
    if report is not None:
        from simulator import report as pages

        pages.write_run_page(dataset, report, key, [card])
        say(f"Page: {report}")


def export(
    run: Run,
    out: Annotated[Path, typer.Option(help="Folder to make.")],
    form: Annotated[str, typer.Option("--format", help="One of those below.")] = "csv",
) -> None:
    """Write a run for other tools; pseudonyms as text, times in ISO 8601 unless the format has its own.

    The log with the auditor's tables: csv, jsonl, parquet, sqlite, excel. The log alone, with the residents shown, for
    tools that read a security schema: ecs, elasticsearch (bulk and index template), ocsf, cef, syslog, fhir, otel, hec.

    Example: jukisim export run --format ecs --out exported
    """
    from simulator import export as library
    from simulator.dataset import Dataset

    for path in library.export(Dataset.open(run), form, out):
        say(str(path))
