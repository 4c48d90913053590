"""Baselines × scenarios × seeds in a table, and results that anyone can check again from commitment to score.

A result names the run by its root, its seed by the commitment of the manifest (*sealed-seed*) or in the open
(*open-seed*), and the scores by their digest; `verify` holds all of it against the files.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from simulator import dataset, detect, generation, scenario, scoring, storage
from simulator.dataset import Dataset, Finding
from simulator.detect.tracks import Tracked, check_track
from simulator.errors import CheckError, DamagedError, MissingError, UsageError
from simulator.generation import Order, RunFolders
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey
from simulator.scoring import Scorecard
from simulator.streams import Stream

VERSION = 1
TRAINING_SEED = 1_000_000
TRAINING_TRIES = 20
"""A learner learns from the first run of the `TRAINING_TRIES` seeds from here on; no figure is taken from them."""
OPEN, SEALED = "open-seed", "sealed-seed"
_FIGURES = ("average_precision", "prevalence", "recall_20", "days_to_detection", "lookalikes_20", "suspected_20")
_REPLICATES = 1000
_STREAM = Stream(0, "/bench/bootstrap")
Progress = Callable[[str], None]


def figures(card: Scorecard) -> dict[str, float | None]:
    """The headline figures of a card: those of the table, at twenty reviews a day."""
    line = card.budgets[1]
    values = (card.average_precision, card.prevalence, line.recall.value, line.days_to_detection, line.lookalike_rate,
              float(line.suspected))  # fmt: skip
    return dict(zip(_FIGURES, values, strict=True))


def run(
    names: Sequence[str], scenarios: Sequence[str], seeds: Sequence[int], track: str, progress: Progress
) -> pl.DataFrame:
    """One row per scenario, seed and detector: its headline figures.

    Args:
        names: of detectors; those that learn do so on the run of `TRAINING_SEED`.
        scenarios: names or TOML files.
        seeds: open seeds; each makes a run that is kept only while it is scored.
        track: what a detector may open.
        progress: called at the start of each run and detector.

    Raises:
        UnknownNameError: there is no such detector, scenario or track.
        UsageError: no seed is given, or that of training is among them.
    """
    check_track(track)
    if not seeds or max(seeds) >= TRAINING_SEED:
        msg = f"give one or more seeds below {TRAINING_SEED}; those from there on are kept for learning"
        raise UsageError(msg)
    for name in names:
        detect.make(name)
    rows = [row for s in scenarios for row in _scenario(names, s, seeds, track, progress)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _scenario(
    names: Sequence[str], which: str, seeds: Sequence[int], track: str, progress: Progress
) -> Iterator[dict[str, Any]]:
    known = detect.discover()
    learners = [n for n in names if n in known and known[n].learns]
    with tempfile.TemporaryDirectory(prefix="jukisim-bench-") as folder:
        place = Path(folder)
        candidates = range(TRAINING_SEED, TRAINING_SEED + TRAINING_TRIES)
        learnt = next(_runs(which, candidates, place, progress)) if learners else None
        for made, key, seed in _runs(which, seeds, place, progress):
            for name in names:
                progress(f"{which} {seed} {name}")
                from_run = (Tracked(learnt[0], track), _labels(*learnt[:2])) if learnt and name in learners else None
                scores = detect.run(Tracked(made, track), name, from_run)
                card = scoring.score(made, key, scores, name)
                yield {"scenario": which, "seed": seed, "detector": name, "events": card.events, **figures(card)}


def _runs(
    which: str, seeds: Sequence[int], folder: Path, progress: Progress
) -> Iterator[tuple[Dataset, AnswerKey, int]]:
    """The runs of `seeds`; a seed whose run the leak gate does not let finish is named and left out."""
    for seed in seeds:
        progress(f"{which} {seed}: making the run")
        folders = RunFolders(folder / f"{Path(which).stem}-{seed}")
        order = Order(scenario=scenario.load(which), seed=seed, key=PseudonymKey.insecure())
        try:
            made = generation.generate(order, folders.run)
        except CheckError as error:
            progress(f"{which} {seed}: left out: {error}")
            continue
        yield made, AnswerKey.open(folders.truth), seed


def _labels(run: Dataset, key: AnswerKey) -> pl.DataFrame:
    """Every event with its label, without the grey: nobody is to learn that they are lawful."""
    labels = key.labels.select("event_id", "misuse", "grey")
    told = run.table("event").select("event_id").join(labels, on="event_id", how="left")
    whole = told.with_columns(pl.col("misuse", "grey").fill_null(value=False))
    return whole.filter(~pl.col("grey")).drop("grey")


def table(rows: pl.DataFrame) -> list[dict[str, str | float | int | None]]:
    """Means over seeds with 95 % intervals of the mean (bootstrap over seeds), the best first; ``seeds``: how many."""
    lines = []
    for (where, name), group in rows.group_by("scenario", "detector", maintain_order=True):
        line: dict[str, str | float | int | None] = {
            "scenario": str(where),
            "detector": str(name),
            "seeds": group.height,
        }
        for figure in _FIGURES:
            values = group[figure].drop_nulls().to_list()
            line[figure] = round(fmean(values), 4) if values else None
            if figure in {"average_precision", "recall_20"}:
                line |= {f"{figure}_low": None, f"{figure}_high": None}
                if values:
                    low, high = interval(values)
                    line |= {f"{figure}_low": round(low, 4), f"{figure}_high": round(high, 4)}
        lines.append(line)
    return sorted(lines, key=lambda r: -float(r["average_precision"] or 0))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of `values`, drawn again with replacement."""
    drawn = _STREAM.below("seed", _REPLICATES * len(values), len(values)).reshape(_REPLICATES, len(values))
    means = np.sort(np.asarray(values)[drawn].mean(axis=1))
    return float(means[int(0.025 * _REPLICATES)]), float(means[int(0.975 * _REPLICATES) - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a detector got on one run, to be published.

    Attributes:
        version: of the form.
        detector: its name.
        run: root of the run.
        seed_commitment: of the manifest.
        seed: in the open, or null while it is sealed.
        scores_sha256: of the scores file.
        figures: the headline figures.
    """

    version: int
    detector: str
    run: str
    seed_commitment: str
    seed: int | None
    scores_sha256: str
    figures: dict[str, float | None]

    @property
    def kind(self) -> str:
        """``open-seed`` or ``sealed-seed``."""
        return SEALED if self.seed is None else OPEN


def submit(run_: Dataset, key: AnswerKey, scores: Path, seed: int | None) -> Result:
    """The result of the file `scores` on a run.

    Raises:
        MissingError, ScoresError, ForeignKeyError: as of `scoring.score_file`.
    """
    card = scoring.score_file(run_, key, scores)
    digest = hashlib.sha256(scores.read_bytes()).hexdigest()
    return Result(version=VERSION, detector=scores.stem, run=run_.root, seed_commitment=run_.manifest.seed_commitment,
                  seed=seed, scores_sha256=digest, figures=figures(card))  # fmt: skip


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


def verify(path: Path, folder: Path, scores: Path, seed: int | None = None) -> list[Finding]:
    """Hold the result in `path` against its run and scores: commitment → bytes → score; empty if all agrees.

    Args:
        path: the result file.
        folder: the run; its answer key lies beside it.
        scores: the scores file.
        seed: the seed that was revealed, if the result was sealed.
    """
    told = load(path)
    findings = [*dataset.verify(folder)]
    if findings:
        return findings
    made = Dataset.open(folder)
    key = AnswerKey.open(folder.with_name(f"{folder.name}.truth"))
    said = told.seed if told.seed is not None else seed
    if told.run != made.root:
        findings.append(Finding("run", f"the result is of run {told.run[:12]}…, this is {made.root[:12]}…"))
    if said is not None and dataset.seed_commitment(said) != made.manifest.seed_commitment:
        findings.append(Finding("seed", "the seed is not the one that the manifest commits to"))
    again = submit(made, key, scores, told.seed)
    if again.scores_sha256 != told.scores_sha256:
        findings.append(Finding("scores", "the scores file is not the one that the result names"))
    findings += [
        Finding(f"figures.{name}", f"says {told.figures.get(name)}, the scores give {value}")
        for name, value in again.figures.items()
        if told.figures.get(name) != value
    ]
    return findings


def leaderboard(paths: Sequence[Path]) -> list[dict[str, str | float | None]]:
    """Results, the best first; sealed ones before open ones, since an open seed gives the labels away."""
    results = [load(path) for path in paths]
    ordered = sorted(results, key=lambda r: (r.kind == OPEN, -float(r.figures["average_precision"] or 0)))
    return [{"kind": r.kind, "detector": r.detector, "run": r.run[:12], **r.figures} for r in ordered]
