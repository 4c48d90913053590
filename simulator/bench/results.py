"""Results that anyone can check again, from the commitment to the seed over the bytes of the run to the figures.

A result names the run by its root, its seed by the commitment of the manifest (*sealed-seed*) or in the open
(*open-seed*), and the scores by their digest; `verify` holds all of it against the files, or against a run that it
makes again from the seed. Only `record` writes into a leaderboard, and only what `verify` found to hold.
"""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

import simulator
from simulator import dataset, scoring, storage
from simulator.bench import fixed
from simulator.bench.running import made_of
from simulator.bench.table import figures
from simulator.dataset import Dataset, Finding
from simulator.errors import DamagedError, MissingError, UsageError
from simulator.labels import AnswerKey, truth_of

VERSION = 2
OPEN, SEALED = "open-seed", "sealed-seed"


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a result was got: the open seed, if it is open, and the detector's name if not the file's."""

    seed: int | None = None
    detector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a detector got on one run, to be published.

    Attributes:
        version: of the form.
        made_by: version of jukisim.
        detector: its name.
        benchmark: the fixed benchmark that the run belongs to; null for any other run.
        scenario: of the run.
        run: root of the run.
        seed_commitment: of the manifest.
        seed: in the open, or null while it is sealed.
        scores_sha256: of the scores file.
        figures: the headline figures.
    """

    version: int
    made_by: str
    detector: str
    benchmark: str | None
    scenario: str
    run: str
    seed_commitment: str
    seed: int | None
    scores_sha256: str
    figures: dict[str, float | None]

    @property
    def kind(self) -> str:
        """``open-seed`` or ``sealed-seed``."""
        return SEALED if self.seed is None else OPEN


def submit(run: Dataset, key: AnswerKey, scores: Path, terms: Terms = Terms()) -> Result:
    """The result of the file `scores` on a run.

    Raises:
        MissingError, ScoresError, ForeignKeyError: as of `scoring.score_file`.
        UsageError: the seed is not the one that the manifest commits to.
    """
    told = run.manifest
    if terms.seed is not None and dataset.seed_commitment(terms.seed) != told.seed_commitment:
        msg = f"seed {terms.seed} is not that of the run: its manifest commits to another"
        raise UsageError(msg)
    return _result(run, key, scores, terms)


def _result(run: Dataset, key: AnswerKey, scores: Path, terms: Terms) -> Result:
    card, told = scoring.score_file(run, key, scores), run.manifest
    return Result(
        version=VERSION, made_by=simulator.__version__, detector=terms.detector or scores.stem,
        benchmark=fixed.named(told.scenario, terms.seed, run.root), scenario=told.scenario, run=run.root,
        seed_commitment=told.seed_commitment, seed=terms.seed,
        scores_sha256=hashlib.sha256(scores.read_bytes()).hexdigest(), figures=figures(card),
    )  # fmt: skip


def save(result: Result, path: Path) -> None:
    """Write `result` as JSON."""
    text = json.dumps({**asdict(result), "kind": result.kind}, indent=1, sort_keys=True)
    storage.write_bytes(path, (text + "\n").encode())


def load(path: Path) -> Result:
    """Read a result.

    Raises:
        MissingError: there is no such file.
        DamagedError: it is no result.
    """
    if not path.is_file():
        msg = f"no result file {path}"
        raise MissingError(msg)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told.pop("kind")
        return Result(**told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        msg = f"{path} is no result of jukisim bench submit: {error}"
        raise DamagedError(msg) from error


def verify(path: Path, folder: Path | None, scores: Path, seed: int | None = None) -> list[Finding]:
    """Hold the result in `path` against its run and scores: commitment → bytes → score; empty if all agrees.

    Args:
        path: the result file.
        folder: the run, its answer key beside it; None to make the run again from scenario and seed.
        scores: the scores file.
        seed: the seed that was revealed, if the result was sealed.

    Raises:
        UsageError: the run is to be made again, and its seed is not known.
    """
    told = load(path)
    said = told.seed if told.seed is not None else seed
    if folder is not None:
        findings = dataset.verify(folder)
        return findings or _held(told, Dataset.open(folder), AnswerKey.open(truth_of(folder)), scores, said)
    if said is None:
        raise UsageError("the result is sealed: give --run, or --seed once it is revealed")
    with tempfile.TemporaryDirectory(prefix="jukisim-verify-") as place:
        return _held(told, *made_of(told.scenario, said, Path(place)), scores, said)


def _held(told: Result, run: Dataset, key: AnswerKey, scores: Path, seed: int | None) -> list[Finding]:
    findings = []
    if told.run != run.root:
        by = f" (made by jukisim {told.made_by}, this is {simulator.__version__})"
        findings.append(Finding("run", f"the result is of run {told.run[:12]}…{by}, this is {run.root[:12]}…"))
    if seed is not None and dataset.seed_commitment(seed) != run.manifest.seed_commitment:
        findings.append(Finding("seed", "the seed is not the one that the manifest commits to"))
    again = _result(run, key, scores, Terms(told.seed, told.detector))
    if again.scores_sha256 != told.scores_sha256:
        findings.append(Finding("scores", "the scores file is not the one that the result names"))
    if again.benchmark != told.benchmark:
        findings.append(Finding("benchmark", f"says {told.benchmark}, the run belongs to {again.benchmark}"))
    return findings + [
        Finding(f"figures.{name}", f"says {told.figures.get(name)}, the scores give {value}")
        for name, value in again.figures.items()
        if told.figures.get(name) != value
    ]


def record(path: Path, folder: Path | None, scores: Path, board: Path, seed: int | None = None) -> list[Finding]:
    """`verify` a result and, if all agrees, put it into the leaderboard file `board`; what did not hold.

    A result of the same detector on the same run takes the place of the older one.

    Raises:
        DamagedError: `board` is no leaderboard.
    """
    rows = _board(board)
    findings = verify(path, folder, scores, seed)
    if not findings:
        told = load(path)
        kept = [row for row in rows if (row["detector"], row["run"]) != (told.detector, told.run)]
        with storage.whole_file(board) as draft:
            pl.DataFrame(_ordered([*kept, _line(told)]), infer_schema_length=None).write_csv(draft)
    return findings


def _board(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    try:
        rows = pl.read_csv(path, infer_schema_length=None).to_dicts()
    except pl.exceptions.PolarsError as error:
        msg = f"{path} does not decode as CSV: {error}"
        raise DamagedError(msg) from error
    if not rows or not {"kind", "detector", "run", "average_precision"} <= set(rows[0]):
        msg = f"{path} is no leaderboard of jukisim bench verify --leaderboard"
        raise DamagedError(msg)
    return rows


def _line(told: Result) -> dict[str, Any]:
    head = {"kind": told.kind, "benchmark": told.benchmark, "detector": told.detector, "seed": told.seed}
    return {**head, "run": told.run, "made_by": told.made_by, "scores_sha256": told.scores_sha256, **told.figures}


def _ordered(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["kind"] == OPEN, -float(row["average_precision"] or 0), row["detector"]))


def leaderboard(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Results and leaderboard files (.csv), the best first; sealed before open, since open seeds give labels away."""
    rows = [row for path in paths for row in (_board(path) if path.suffix == ".csv" else [_line(load(path))])]
    return [{**row, "run": row["run"][:12], "scores_sha256": row["scores_sha256"][:12]} for row in _ordered(rows)]
