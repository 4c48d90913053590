"""Metrics against scikit-learn and against figures worked by hand."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss

from simulator.scoring import metrics
from simulator.streams import Stream

TRUTH = np.array([True, False, True, False, False])


@pytest.mark.parametrize(
    ("scores", "wanted"),
    [
        ([9, 3, 8, 2, 1], 1.0),
        ([1, 8, 2, 9, 7], (1 / 4 + 2 / 5) / 2),
        ([5, 5, 5, 5, 5], 2 / 5),
        ([5, 4, 3, 2, 1], 5 / 6),
    ],
)
def test_average_precision_by_hand(scores, wanted):
    """Perfect, inverted, constant and mixed scores give the figures worked on paper."""
    assert metrics.average_precision(TRUTH, np.array(scores, dtype=float)) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("case", range(20))
def test_average_precision_agrees_with_scikit_learn(case):
    """Random scores with many ties agree to 1e-12, weighted or not."""
    stream = Stream(5, f"/metrics/{case}")
    truth, scores = stream.chance("truth", 500, 0.05), stream.below("score", 500, 40).astype(float)
    truth[0] = True
    weights = stream.unit("weight", 500) + 0.1
    assert metrics.average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores), abs=1e-12)
    wanted = average_precision_score(truth, scores, sample_weight=weights)
    assert metrics.average_precision(truth, scores, weights) == pytest.approx(wanted, abs=1e-12)
    assert metrics.brier(truth, scores / 40) == pytest.approx(brier_score_loss(truth, scores / 40), abs=1e-12)


def test_calibration_error_by_hand():
    """Scores of 0.25 where half is misuse are off by 0.25."""
    assert metrics.calibration_error(np.array([True, False]), np.array([0.25, 0.25])) == pytest.approx(0.25, abs=1e-12)
