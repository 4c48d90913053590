"""Commands that use a run: detect, score, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.cli.ask import PassphraseFile, answer_key
from simulator.cli.output import Format, say, show
from simulator.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from simulator.dataset import Dataset
    from simulator.export import Apart

Run = Annotated[Path, typer.Argument(help="Folder of a run (its public half).")]


def detect(
    run: Run,
    out: Annotated[Path, typer.Option(help="Scores file to write: event_id,score. CSV or Parquet by its ending.")],
    name: Annotated[
        str,
        typer.Option(
            "--with",
            help="Name of a baseline, or module:Class or file.py:Class of your own, also of PyOD or scikit-learn.",
        ),
    ] = "rules",
    command: Annotated[
        str | None, typer.Option(help="Or any program: JSON Lines of events on stdin, event_id,score lines on stdout.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds after which the program is stopped.")] = 600,
    train: Annotated[
        Path | None, typer.Option(help="Part of a split with labels, such as parts/train, to learn from first.")
    ] = None,
) -> None:
    """Let a detector score every event of a run, or of a part of a split; higher is more suspicious.

    Examples: jukisim detect run --with has_reason --out scores.csv  ·  jukisim detect run --command ./mine --out s.csv

    A model as it is: jukisim detect run --with pyod.models.knn:KNN --out knn.csv
    """
    from simulator import detect as library
    from simulator.split import learnt_from, view

    detector = library.Program(command, timeout) if command else library.make(name)
    scores = library.run_detector(view(run), detector, command or name, learnt_from(train))
    library.write_scores(scores, out)
    say(f"{out}: {scores.height:,} scores by {command or name}")


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
    from simulator import scoring as library
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
    realm: Annotated[
        str | None,
        typer.Option(help="Name of the export's realm, that of OUT if not given; run: the run's own pseudonyms."),
    ] = None,
    section: Annotated[str | None, typer.Option(help="Only what this section did, in the section's realm.")] = None,
    keys: Annotated[Path | None, typer.Option(help="Keyring of the run; RUN.keys/keyring if not given.")] = None,
    scores: Annotated[
        Path | None, typer.Option(help="With --format ocsf: scores file, written as Detection Findings (2004) too.")
    ] = None,
    per_day: Annotated[int, typer.Option(min=1, help="Findings a day.")] = 20,
) -> None:
    """Write a run for other tools; pseudonyms as text, times in ISO 8601 unless the format has its own.

    The log with the auditor's tables: csv, jsonl, parquet, sqlite, excel. The log alone, with the residents shown, for
    tools that read a security schema: ecs, elasticsearch (bulk and index template), ocsf, cef, sentinel, syslog, fhir,
    otel, hec (with an app for Splunk).
    huggingface: Parquet per split, data card and Croissant, of a run or of a folder that jukisim split made.

    Each export has pseudonyms of its own, so two exports, or two sections' tables, cannot be joined; event_id stays.

    Example: jukisim export run --format ecs --out exported
    """
    from simulator import export as library
    from simulator import publish
    from simulator.dataset import Dataset

    if form not in (known := (*library.names(), publish.NAME)):
        raise UnknownNameError("format", form, known)
    if (run / "bench.toml").is_file():
        _say_all(publish.hugging_face(run, out) if form == publish.NAME else _needs_run(run, form))
        return
    if scores is not None and form != "ocsf":
        raise UsageError("--scores gives Detection Findings, which are OCSF: add --format ocsf")
    dataset = Dataset.open(run)
    apart = None if realm == "run" and not section else _apart(dataset, realm or out.name, section, keys)
    written = (
        library.export(dataset, form, out, apart) if form != publish.NAME else publish.hugging_face(run, out, apart)
    )
    _say_all(written)
    if scores is not None:
        _findings(dataset, apart, scores, per_day, out)
    say("Pseudonyms: those of the run" if apart is None else f"Pseudonyms: of the realm {apart.maker.realm}")


def _findings(dataset: "Dataset", apart: "Apart | None", scores: Path, per_day: int, out: Path) -> None:
    from simulator import export, scoring
    from simulator.export import findings

    known = scoring.align(scoring.read_scores(scores), dataset.table("event")["event_id"], str(scores))
    path = out / "finding.ocsf.jsonl"
    count = findings.write(export.Run(dataset, apart), known, scores.stem, per_day, path)
    say(f"{path}: {count:,} findings")


def _needs_run(folder: Path, form: str) -> list[Path]:
    msg = f"{folder} is a split; as {form} a run can be written, a split only as huggingface"
    raise UsageError(msg)


def _say_all(paths: list[Path]) -> None:
    for path in paths:
        say(str(path))


def _apart(dataset: "Dataset", name: str, section: str | None, keys: Path | None) -> "Apart":
    from simulator.export import Apart, Excerpt
    from simulator.pseudonym import Realm
    from simulator.pseudonym.keyring import Keyring

    ring = keys or dataset.path.with_name(dataset.path.name + ".keys") / "keyring"
    if not ring.exists():
        msg = f"{ring} is missing: pseudonyms of the export's own need the run's keys; --realm run keeps the run's"
        raise UsageError(msg)
    towns = "-".join(head.municipality for head in dataset.manifest.logs)
    realm = Realm.section(towns, section) if section else Realm.export(f"{dataset.root[:16]}/{name}")
    return Apart(Keyring.load(ring).pseudonymizer(realm), Excerpt.of(dataset, section) if section else None)
