"""The canary is found by every baseline but the tripwires, and counted in no score."""

import importlib.util
from pathlib import Path

import polars as pl
import pytest

from simulator import detect
from simulator.bench.running import TRAINING_SEED, made_of
from simulator.detect.tracks import Tracked

_SPEC = importlib.util.spec_from_file_location(
    "study_misuse", Path(__file__).parents[1] / "benchmarks" / "study_misuse.py"
)
study = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)
QUICK = ("collaborative", "has_reason", "peers", "rules", "standard")


def _missed(made, key, names, learnt=None):
    canary = key.labels.filter(pl.col("archetype") == "C01")["event_id"]
    assert len(canary) > 50
    assert key.labels.filter(pl.col("archetype") == "C01")["grey"].all()
    return [name for name in names if not study.found(detect.run(made, name, learnt), canary)]


def _labels(made, key):
    told = made.table("event").select("event_id").join(key.labels, on="event_id", how="left")
    flags = told.select("event_id", pl.col("misuse", "grey").fill_null(value=False))
    return flags.filter(~pl.col("grey")).drop("grey")


def test_the_quick_baselines_find_it(tmp_path):
    """More of its events are among the first hundredth than luck would put there, in the town of the benchmark."""
    made, key = made_of("town", 3, tmp_path)
    assert _missed(made, key, QUICK) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_baseline_finds_it(tmp_path, seed):
    """Every baseline but the tripwires does; the one that learns, from another run of the dense edition."""
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    made, key = made_of("town", seed, tmp_path / "own")
    other, others_key = made_of("town-dense", TRAINING_SEED, tmp_path / "other")
    learnt = Tracked(other, "auditor-view"), _labels(other, others_key)
    assert _missed(made, key, [n for n in detect.names() if n not in study.TRIPWIRES], learnt) == []
