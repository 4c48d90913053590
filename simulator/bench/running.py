"""Makes a run for every seed, lets every detector score it, keeps the figures; a stopped bench goes on where it was."""

import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

import simulator
from simulator import detect, generation, scenario, scoring, storage
from simulator.bench.table import FIGURES, figures
from simulator.dataset import Dataset
from simulator.detect.tracks import Tracked, check_track
from simulator.errors import CheckError, DamagedError, MissingError, UsageError
from simulator.generation import Order, RunFolders
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey

TRAINING_SEED = 1_000_000
TRAINING_TRIES = 20
"""A learner learns from the first run of the `TRAINING_TRIES` seeds from here on; no figure is taken from them."""
Progress = Callable[[str], None]
Row = dict[str, Any]
_KEY = ("version", "scenario", "track")


@dataclass(frozen=True, slots=True)
class _Made:
    """A run with its answer key, and what it was made from."""

    scenario: str
    seed: int
    run: Dataset
    key: AnswerKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is compared.

    Attributes:
        detectors: names; those that learn do so on a run of `TRAINING_SEED`.
        scenarios: names or TOML files.
        seeds: open seeds; each makes a run that is kept only while it is scored.
        track: what a detector may open.
        training: scenario that learners learn from; that of the run if not given.
        roots: seed → root that its run must have; empty where nobody sealed them.
    """

    detectors: Sequence[str]
    scenarios: Sequence[str]
    seeds: Sequence[int]
    track: str = "auditor-view"
    training: str | None = None
    roots: Mapping[int, str] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse what cannot be compared.

        Raises:
            UnknownNameError: there is no such detector, scenario or track.
            UsageError: no scenario or seed is given, or that of training is among the seeds.
        """
        check_track(self.track)
        if not self.scenarios:
            raise UsageError("which scenario? Name one or more, or give --benchmark v1")
        if not self.seeds or max(self.seeds) >= TRAINING_SEED:
            msg = f"give one or more seeds below {TRAINING_SEED}; those from there on are kept for learning"
            raise UsageError(msg)
        for name in self.detectors:
            detect.make(name)
        for name in self.scenarios:
            scenario.load(name)


def run(plan: Plan, progress: Progress, out: Path | None = None) -> pl.DataFrame:
    """One row per scenario, seed and detector: root of the run, episodes of misuse and the headline figures.

    Args:
        plan: what is compared.
        progress: called at the start of each run and detector.
        out: CSV file that holds every row, written after each run; rows that are there already are not made again.

    Raises:
        UnknownNameError, UsageError: as of `Plan.check`.
        DamagedError: `out` is there and holds something else.
        CheckError: a run has another root than the plan says: this version makes other bytes.
    """
    plan.check()
    held = _kept(out)
    for which in plan.scenarios:
        for made in _scenario(plan, which, held, progress):
            held += made
            if out is not None:
                with storage.whole_file(out) as draft:
                    _frame(held).write_csv(draft)
    wanted = {(which, seed, name) for which in plan.scenarios for seed in plan.seeds for name in plan.detectors}
    return _frame([row for row in held if _named(row) in wanted and _is_of(row, plan)])


def _frame(rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def _kept(out: Path | None) -> list[Row]:
    return rows(out).to_dicts() if out is not None and out.is_file() else []


def rows(path: Path) -> pl.DataFrame:
    """The rows that `run` kept in the file `path`.

    Raises:
        MissingError: there is no such file.
        DamagedError: it holds something else.
    """
    if not path.is_file():
        msg = f"no file {path}; jukisim bench run --out makes one"
        raise MissingError(msg)
    try:
        held = pl.read_csv(path, infer_schema_length=None)
    except pl.exceptions.PolarsError as error:
        msg = f"{path} does not decode as CSV: {error}"
        raise DamagedError(msg) from error
    if not {*_KEY, "seed", "detector", "run", "episodes", *FIGURES} <= set(held.columns):
        msg = f"{path} holds no rows of jukisim bench run"
        raise DamagedError(msg)
    return held


def _named(row: Row) -> tuple[str, int, str]:
    return row["scenario"], row["seed"], row["detector"]


def _is_of(row: Row, plan: Plan) -> bool:
    return bool(row["version"] == simulator.__version__ and row["track"] == plan.track)


def _scenario(plan: Plan, which: str, held: Sequence[Row], progress: Progress) -> Iterator[list[Row]]:
    """The rows of each seed that is not among `held` yet."""
    done = {_named(row) for row in held if _is_of(row, plan)}
    missing = {seed: [n for n in plan.detectors if (which, seed, n) not in done] for seed in plan.seeds}
    missing = {seed: names for seed, names in missing.items() if names}
    learners = {n for names in missing.values() for n in names if _learns(n)}
    with tempfile.TemporaryDirectory(prefix="jukisim-bench-") as folder, ExitStack() as stack:
        learnt = None
        if learners:
            runs = stack.enter_context(closing(_learnable(plan.training or which, Path(folder), progress)))
            learnt = next(runs)
        for seed, names in missing.items():
            for made in _runs(which, [seed], Path(folder), progress):
                _check_root(plan, made)
                yield [_told(plan, name, made, learnt, progress) for name in names]


def _told(plan: Plan, name: str, made: _Made, learnt: _Made | None, progress: Progress) -> Row:
    progress(f"{made.scenario} {made.seed} {name}")
    return _row(plan, name, made, learnt)


def _learns(name: str) -> bool:
    known = detect.discover()
    return name in known and known[name].learns


def _learnable(which: str, folder: Path, progress: Progress) -> Generator[_Made]:
    candidates = range(TRAINING_SEED, TRAINING_SEED + TRAINING_TRIES)
    for made in _runs(which, candidates, folder, progress):
        if made.key.labels["misuse"].any():
            yield made
    msg = f"{which}: none of {TRAINING_TRIES} training runs holds misuse to learn from"
    raise CheckError(msg)


def _check_root(plan: Plan, made: _Made) -> None:
    wanted = plan.roots.get(made.seed)
    if wanted is not None and wanted != made.run.root:
        msg = (
            f"seed {made.seed} gives the run {made.run.root[:12]}…, the benchmark was sealed with {wanted[:12]}…: this "
            f"version ({simulator.__version__}) makes other bytes, so its figures are not of this benchmark"
        )
        raise CheckError(msg)


def _row(plan: Plan, name: str, run_: _Made, learnt: _Made | None) -> Row:
    view = Tracked(run_.run, plan.track)
    from_run = (Tracked(learnt.run, plan.track), _labels(learnt)) if learnt and _learns(name) else None
    card = scoring.score(run_.run, run_.key, detect.run(view, name, from_run), name)
    head = {"version": simulator.__version__, "scenario": run_.scenario, "track": plan.track, "seed": run_.seed}
    told = {"detector": name, "run": run_.run.root, "events": card.events, "episodes": card.episodes}
    return {**head, **told, **figures(card)}


def _runs(which: str, seeds: Sequence[int], folder: Path, progress: Progress) -> Generator[_Made]:
    """The runs of `seeds`, each gone when the next is asked for; one that the leak gate stops is named and left out."""
    for seed in seeds:
        progress(f"{which} {seed}: making the run")
        with tempfile.TemporaryDirectory(dir=folder) as place:
            try:
                made = made_of(which, seed, Path(place))
            except CheckError as error:
                progress(f"{which} {seed}: left out: {error}")
                continue
            yield _Made(which, seed, *made)


def made_of(which: str, seed: int, folder: Path) -> tuple[Dataset, AnswerKey]:
    """The run of the scenario `which` and `seed`, made in `folder` under the published key.

    Raises:
        CheckError: the run does not hold what its scenario promises, or leaks.
    """
    folders = RunFolders(folder / Path(which).stem)
    order = Order(scenario=scenario.load(which), seed=seed, key=PseudonymKey.insecure())
    return generation.generate(order, folders.run), AnswerKey.open(folders.truth)


def _labels(made: _Made) -> pl.DataFrame:
    told = made.run.table("event").select("event_id")
    told = told.join(made.key.labels.select("event_id", "misuse", "grey"), on="event_id", how="left")
    judged = told.filter(~pl.col("grey").fill_null(value=False)).drop("grey")
    return judged.with_columns(pl.col("misuse").fill_null(value=False))
