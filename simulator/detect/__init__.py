"""Detectors: what reads a log and scores every event. They see what an auditor sees, and never the truth.

Your own is any class with ``score(view)``: name it ``module:Class``, hold it against `check_detector`.
"""

import importlib
import pkgutil
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.detect import baselines
from simulator.detect.checks import check_detector, check_scores
from simulator.detect.contract import Baseline, Detector
from simulator.detect.view import TABLES, Auditor, AuditorView, Tables
from simulator.errors import UnknownNameError, UsageError

__all__ = ["TABLES", "Auditor", "AuditorView", "Baseline", "Detector", "Tables", "check_detector", "check_scores",
           "discover", "make", "names", "run", "write_scores"]  # fmt: skip


def discover() -> dict[str, Baseline]:
    """The baselines that ship with the package, by name, in name order."""
    modules = (f"{baselines.__name__}.{m.name}" for m in pkgutil.iter_modules(baselines.__path__))
    found: list[Baseline] = [importlib.import_module(module).DETECTOR for module in modules]
    return {baseline.name: baseline for baseline in sorted(found, key=lambda b: b.name)}


def names() -> tuple[str, ...]:
    """The names of the baselines."""
    return tuple(discover())


def make(name: str) -> Detector:
    """A fresh detector: a baseline by name, or a class by ``module:Class``, made without arguments.

    Raises:
        UnknownNameError: no baseline is called so.
        UsageError: there is no such module or class, or it has no method ``score``.
    """
    if ":" in name:
        return _foreign(name)
    known = discover()
    if name not in known:
        raise UnknownNameError("detector", name, [*known, "module:Class"])
    return known[name].make()


def _foreign(name: str) -> Detector:
    module_name, _, class_name = name.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        msg = f"no detector {name!r}: {error}; wanted: module:Class, importable from here"
        raise UsageError(msg) from error
    if not callable(getattr(found, "score", None)):
        msg = f"{name} is no detector: it has no method score(view)"
        raise UsageError(msg)
    try:
        detector: Detector = found()
    except TypeError as error:
        msg = f"{name} cannot be made without arguments: {error}"
        raise UsageError(msg) from error
    return detector


def run(view: AuditorView, name: str) -> pl.DataFrame:
    """The scores that the detector `name` gives every event of `view`, by event_id.

    Args:
        view: a run, or any tables of its form; only what an auditor has is opened.
        name: of a baseline, or ``module:Class``.

    Raises:
        UnknownNameError, UsageError: there is no such detector.
        CheckError: its scores do not hold to the contract.
    """
    auditor = Auditor(view)
    return check_scores(make(name).score(auditor), auditor, name)


def write_scores(scores: pl.DataFrame, path: Path) -> None:
    """Write `scores` to `path`, as CSV or Parquet by its ending.

    Raises:
        UsageError: the ending is neither.
        StorageError: the disk would not take it.
    """
    if path.suffix not in {".csv", ".parquet"}:
        msg = f"{path}: a scores file ends in .csv or .parquet"
        raise UsageError(msg)
    with storage.whole_file(path) as draft:
        scores.write_csv(draft) if path.suffix == ".csv" else scores.write_parquet(draft)
