"""The hand-worked cases of fixtures/scores, and their refusals, to 1e-12 and against scikit-learn."""

import json
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss

from simulator.scoring import ScoresError, align, metrics, read_scores

FOLDER = Path(__file__).parents[2] / "fixtures/scores"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
TRUTH = pl.read_csv(FOLDER / "truth.csv")


@pytest.mark.parametrize("name", EXPECTED["scored"])
def test_figures_are_those_worked_by_hand(name):
    """Average precision, Brier and calibration agree with paper and with scikit-learn."""
    scores = align(read_scores(FOLDER / f"{name}.csv"), TRUTH["event_id"])["score"].to_numpy()
    truth = TRUTH["misuse"].to_numpy().astype(bool)
    found = {
        "average_precision": metrics.average_precision(truth, scores),
        "brier": metrics.brier(truth, scores),
        "calibration_error": metrics.calibration_error(truth, scores),
    }
    for figure, wanted in EXPECTED["scored"][name].items():
        assert found[figure] == pytest.approx(float(Fraction(wanted)), abs=1e-12), figure
    assert found["average_precision"] == pytest.approx(average_precision_score(truth, scores), abs=1e-12)
    assert found["brier"] == pytest.approx(brier_score_loss(truth, scores), abs=1e-12)


@pytest.mark.parametrize("name", EXPECTED["refused"])
def test_what_does_not_fit_is_refused(name):
    """Missing, repeated, unknown, non-finite and worded scores name the first event or row."""
    with pytest.raises(ScoresError, match=EXPECTED["refused"][name]):
        align(read_scores(FOLDER / f"{name}.csv"), TRUTH["event_id"])
