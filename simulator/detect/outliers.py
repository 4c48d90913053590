"""PyOD's outlier models over our features, as detectors. Needs the extra ``detect``.

Source: Bouman et al. 2024 (33 methods, 52 data sets): k nearest neighbours for local outliers and isolation forests for
global ones suffice; Han et al. 2022 (ADBench): no unsupervised method is better than the rest. So there are four.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from simulator.detect.extras import needed
from simulator.detect.features import Features, Floats, features
from simulator.detect.view import AuditorView

ROWS_TO_FIT = 50_000
"""A model is fitted on at most so many rows, spread evenly over time."""
DAY_MS = 24 * 60 * 60 * 1000
_JST_MS = 9 * 60 * 60 * 1000
SEED = 0


@dataclass(frozen=True, slots=True)
class Outliers:
    """Scores events, or whole operator-days, by how far they lie outside.

    Attributes:
        make: makes the PyOD model.
        by_day: judge an operator's day as one, and give its score to every event of it.
    """

    make: Callable[[], Any]
    by_day: bool

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        needed("pyod")
        found = features(view)
        if not len(found.event_id):
            return pl.DataFrame(schema={"event_id": pl.Int64, "score": pl.Float64})
        rows, of = _days(found) if self.by_day else (found.values, np.arange(len(found.event_id)))
        scores = np.round(_judged(self.make(), _scaled(rows)), 6)[of]
        return pl.DataFrame({"event_id": found.event_id, "score": scores}).sort("event_id")


def _judged(model: Any, rows: Floats) -> Floats:
    step = -(-len(rows) // ROWS_TO_FIT)
    model.fit(rows[::step])
    scores: Floats = np.nan_to_num(model.decision_function(rows), posinf=1e9, neginf=-1e9)
    return scores


def _scaled(rows: Floats) -> Floats:
    low, high = rows.min(axis=0), rows.max(axis=0)
    wide = high > low
    scaled: Floats = (rows[:, wide] - low[wide]) / (high[wide] - low[wide])
    return scaled


def _days(found: Features) -> tuple[Floats, Any]:
    """One row per operator and day: mean and maximum of each feature and the count; and which row each event is in."""
    keys = np.stack([found.actor, (found.at_ms + _JST_MS) // DAY_MS], axis=1)
    _, first, of = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    count = np.bincount(of).astype(np.float64)
    order = np.argsort(first)
    rank = np.argsort(order)
    of = rank[of.ravel()]
    count = count[order]
    means = np.stack([np.bincount(of, column) for column in found.values.T], axis=1) / count[:, None]
    most = np.full_like(means, -np.inf)
    np.maximum.at(most, of, found.values)
    return np.concatenate([means, most, count[:, None]], axis=1), of
