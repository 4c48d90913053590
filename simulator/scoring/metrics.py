"""Figures of a ranking: precision and recall over all thresholds, average precision, calibration.

Scores that are equal are one threshold, so no order among them can flatter a detector.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Counts at each distinct score, from the highest down.

    Attributes:
        hits: misuse at or above it, shape ``(n_thresholds,)``; may be weighted.
        alerts: events at or above it.
    """

    hits: Floats
    alerts: Floats

    @property
    def precision(self) -> Floats:
        """Share of misuse among the alerts."""
        return self.hits / self.alerts

    @property
    def recall(self) -> Floats:
        """Share of the misuse that is among the alerts; 0 where there is none."""
        total = self.hits[-1] if len(self.hits) else 0.0
        return self.hits / total if total else np.zeros_like(self.hits)

    @property
    def average_precision(self) -> float:
        """Σ (R_n − R_{n−1}) P_n: the area under the steps of the precision–recall curve; 0 without misuse."""
        return float(np.sum(np.diff(self.recall, prepend=0.0) * self.precision))


def thresholds(truth: Bools, scores: Floats, weights: Floats | None = None) -> Thresholds:
    """Count hits and alerts at each distinct score; `truth`, `scores` and `weights` have shape ``(n_events,)``."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    weight = np.ones(len(scores)) if weights is None else weights[order]
    ends = np.flatnonzero(np.diff(ranked, append=-np.inf)) if len(ranked) else np.empty(0, dtype=np.int64)
    hits = np.cumsum(np.where(truth[order], weight, 0.0))[ends]
    return Thresholds(hits, np.cumsum(weight)[ends])


def average_precision(truth: Bools, scores: Floats, weights: Floats | None = None) -> float:
    """Average precision of `scores` against `truth`."""
    return thresholds(truth, scores, weights).average_precision


def is_probability(scores: Floats) -> bool:
    """Whether `scores` lie in 0–1, so that calibration can be asked for."""
    return bool(len(scores)) and float(scores.min()) >= 0.0 and float(scores.max()) <= 1.0


def brier(truth: Bools, scores: Floats) -> float:
    """Mean squared distance of scores in 0–1 from the truth; 0 is perfect."""
    return float(np.mean((scores - truth) ** 2))


def calibration_error(truth: Bools, scores: Floats, bins: int = CALIBRATION_BINS) -> float:
    """Expected calibration error over `bins` equal bins of [0, 1].

    Source: Naeini, Cooper, Hauskrecht 2015 (AAAI).
    """
    place = np.minimum((scores * bins).astype(np.int64), bins - 1)
    counts = np.bincount(place, minlength=bins)
    gaps = np.abs(np.bincount(place, scores, bins) - np.bincount(place, truth.astype(np.float64), bins))
    return float(np.sum(gaps[counts > 0]) / len(scores)) if len(scores) else 0.0
