"""Detectors: what reads a log and scores every event. They see what an auditor sees, and never the truth.

Your own is any class with ``score(view)``: name it ``module:Class`` or ``file.py:Class``, hold it against
`check_detector`. Or any program that reads JSON Lines, see `simulator.detect.foreign`.
"""

import importlib
import pkgutil
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.detect import baselines
from simulator.detect.checks import check_detector, check_scores
from simulator.detect.contract import Baseline, Detector, Learner
from simulator.detect.foreign import Program, by_class, by_entry_point
from simulator.detect.view import TABLES, Auditor, AuditorView, Tables
from simulator.errors import CheckError, SimulatorError, UnknownNameError, UsageError

__all__ = [
    "TABLES", "Auditor", "AuditorView", "Baseline", "Detector", "Learner", "Program", "Tables", "check_detector",
    "check_scores", "discover", "make", "names", "run", "run_detector", "write_scores",
]  # fmt: skip


def discover() -> dict[str, Baseline]:
    """The baselines that ship with the package, by name, in name order."""
    modules = (f"{baselines.__name__}.{m.name}" for m in pkgutil.iter_modules(baselines.__path__))
    found: list[Baseline] = [importlib.import_module(module).DETECTOR for module in modules]
    return {baseline.name: baseline for baseline in sorted(found, key=lambda b: b.name)}


def names() -> tuple[str, ...]:
    """The names of the baselines."""
    return tuple(discover())


def make(name: str) -> Detector:
    """A fresh detector: a baseline by name, an installed package's by its entry point, or ``module:Class``.

    Raises:
        UnknownNameError: no detector is called so.
        UsageError: there is no such module or class, or it has no method ``score``.
    """
    if ":" in name:
        return by_class(name)
    known = discover()
    if name in known:
        return known[name].make()
    found = by_entry_point(name)
    if found is None:
        raise UnknownNameError("detector", name, [*known, "module:Class"])
    return found


def run(view: AuditorView, name: str, learnt_from: tuple[AuditorView, pl.DataFrame] | None = None) -> pl.DataFrame:
    """The scores that the detector `name` gives every event of `view`, by event_id.

    Args:
        view: a run, or any tables of its form; only what an auditor has is opened.
        name: of a baseline, or ``module:Class``.
        learnt_from: other events and their labels (``event_id``, ``misuse``), for a detector that learns.

    Raises:
        UnknownNameError, UsageError: there is no such detector.
        CheckError: its scores do not hold to the contract.
    """
    return run_detector(view, make(name), name, learnt_from)


def run_detector(
    view: AuditorView, detector: Detector, name: str, learnt_from: tuple[AuditorView, pl.DataFrame] | None = None
) -> pl.DataFrame:
    """`run` for a detector that is made already.

    Raises:
        CheckError: its scores do not hold to the contract, or it fails.
    """
    auditor = view if isinstance(view, Auditor) else Auditor(view)
    if learnt_from is not None and isinstance(detector, Learner):
        others, labels = learnt_from
        detector.learn(Auditor(others), labels)
    try:
        scores = detector.score(auditor)
    except SimulatorError:
        raise
    except Exception as error:
        msg = f"{name} failed: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        raise CheckError(msg) from error
    return check_scores(scores, auditor, name)


def write_scores(scores: pl.DataFrame, path: Path) -> None:
    """Write `scores` to `path`, as CSV or Parquet by its ending.

    Raises:
        UsageError: the ending is neither.
        StorageError: the disk would not take it.
    """
    if path.suffix not in {".csv", ".parquet"}:
        msg = f"{path}: a scores file ends in .csv or .parquet"
        raise UsageError(msg)
    if path.suffix == ".parquet":
        storage.write_frame(scores, path)
        return
    with storage.whole_file(path) as draft:
        scores.write_csv(draft)
