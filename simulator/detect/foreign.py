"""Detectors that somebody else wrote: a class by module or file, an entry point, or any program that reads JSON Lines.

A class has ``score(view)``; a model of PyOD or scikit-learn is taken as it is, on the frozen features.

A program gets one event a line on its standard input, with the columns of the log as `jukisim export --format jsonl`
writes them and the evidence an auditor has joined to it, and writes ``event_id,score`` lines to its standard output.
"""

import csv
import importlib.util
import io
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import polars as pl
from polars import selectors

from simulator import pseudonym
from simulator.detect.contract import Detector
from simulator.detect.evidence import enrich
from simulator.detect.features import features
from simulator.detect.view import AuditorView
from simulator.errors import CheckError, UsageError

GROUP = "simulator.detectors"
"""The entry point group of installed packages; loaded only when named."""
TIMEOUT_S = 600.0
_TOLD = 200


def by_class(name: str) -> Detector:
    """The detector ``module:Class`` or ``path/to/file.py:Class``, made without arguments.

    Raises:
        UsageError: there is no such module, file or class, or it is no detector.
    """
    place, _, class_name = name.rpartition(":")
    try:
        module = _from_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
        found = getattr(module, class_name)
    except (ImportError, AttributeError, ValueError, OSError, SyntaxError) as error:
        msg = f"no detector {name!r}: {error}; wanted: module:Class or file.py:Class, importable from here"
        raise UsageError(msg) from error
    return _made(found, name)


def by_entry_point(name: str) -> Detector | None:
    """The detector that an installed package registers as `name`, if any.

    Raises:
        UsageError: it is no detector.
    """
    found = metadata.entry_points(group=GROUP)
    return _made(found[name].load(), name) if name in found.names else None


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_detector_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        msg = f"there is no file {path}"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _made(found: Any, name: str) -> Detector:
    outlier = callable(getattr(found, "fit", None)) and _OUTLIER & set(dir(found))
    if not outlier and not callable(getattr(found, "score", None)):
        msg = f"{name} is no detector: it has neither a method score(view) nor fit(X) and decision_function(X)"
        raise UsageError(msg)
    try:
        return OutlierModel(found()) if outlier else cast("Detector", found())
    except TypeError as error:
        msg = f"{name} cannot be made without arguments: {error}"
        raise UsageError(msg) from error


_OUTLIER = {"decision_function", "score_samples"}


@dataclass(frozen=True, slots=True)
class OutlierModel:
    """A model of PyOD or scikit-learn, fitted to the frozen features of the log that it scores.

    Attributes:
        model: has ``fit(X)``; and after it ``decision_scores_`` (PyOD, higher is more unusual) or ``score_samples(X)``
            (scikit-learn, lower is more unusual).
    """

    model: Any

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        found = features(view)
        low, high = found.values.min(axis=0), found.values.max(axis=0)
        scaled = (found.values - low)[:, high > low] / (high - low)[high > low]
        if hasattr(self.model, "random_state"):
            self.model.random_state = 0  # the same for the same view
        self.model.fit(scaled)
        unusual = getattr(self.model, "decision_scores_", None)
        scores = -self.model.score_samples(scaled) if unusual is None else unusual
        return pl.DataFrame({"event_id": found.event_id, "score": scores}, schema_overrides={"score": pl.Float64})


@dataclass(frozen=True, slots=True)
class Program:
    """A detector in any language.

    Attributes:
        command: the command line, split as a shell would, run without one.
        timeout_s: after so many seconds it is stopped.
    """

    command: str
    timeout_s: float = TIMEOUT_S

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event.

        Raises:
            UsageError: there is no such program.
            CheckError: it fails, takes too long, or writes something else than ``event_id,score``.
        """
        with tempfile.TemporaryFile() as events:
            event_lines(view).write_ndjson(events)
            events.seek(0)
            told = self._run(events)
        return _parsed(told, self.command)

    def _run(self, events: Any) -> str:
        try:
            ran = subprocess.run(  # noqa: S603 - the user's own program, without a shell
                shlex.split(self.command), stdin=events, capture_output=True, timeout=self.timeout_s, check=False
            )
        except subprocess.TimeoutExpired as error:
            msg = f"{self.command} was stopped: no end within {self.timeout_s:g} s; nothing of it is used"
            raise CheckError(msg) from error
        except (OSError, ValueError, IndexError) as error:
            msg = f"{self.command!r} cannot be run: {error}"
            raise UsageError(msg) from error
        if ran.returncode:
            words = ran.stderr.decode(errors="replace").strip().splitlines()
            msg = f"{self.command} failed with code {ran.returncode}: {(words or ['no message'])[-1][:_TOLD]}"
            raise CheckError(msg)
        return ran.stdout.decode(errors="replace")


def event_lines(view: AuditorView) -> pl.DataFrame:
    """What a program reads: every event with its evidence, in time order, pseudonyms as text, instants as ISO 8601."""
    rest = view.table("event").drop("search_token", strict=False)
    known = enrich(view)
    rows = rest.join(known.drop([c for c in known.columns if c in rest.columns and c != "event_id"]), on="event_id")
    texts = [pseudonym.to_texts(rows[name]) for name, dtype in rows.schema.items() if dtype == pl.Binary]
    times = pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.3f+09:00")
    plain = rows.with_columns(texts).with_columns(times, pl.col(pl.Date).dt.to_string("iso"))
    return plain.with_columns(selectors.enum().cast(pl.String)).sort("at", "event_id")


def _parsed(text: str, command: str) -> pl.DataFrame:
    rows = []
    for place, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not row or row == ["event_id", "score"]:
            continue
        try:
            event_id, score = row
            rows.append((int(event_id), float(score)))
        except ValueError as error:
            msg = f"{command} wrote {','.join(row)[:40]!r} in line {place}; wanted: event_id,score"
            raise CheckError(msg) from error
    return pl.DataFrame(rows, schema={"event_id": pl.Int64, "score": pl.Float64}, orient="row")
