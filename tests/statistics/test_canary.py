"""The canary is found by the baselines that are to find it, and counted in no score.

Not by the tripwires, and not always by ``collaborative``, whose factors take a hundred records of one actor for that
actor's own field: in some towns fewer of them come first than luck would put there.
"""

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
QUICK = ("has_reason", "peers", "rules", "standard")
NOT_ALWAYS = "collaborative"


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
    """The others do; the one that learns, from another run of the dense edition."""
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    made, key = made_of("town", seed, tmp_path / "own")
    other, others_key = made_of("town-dense", TRAINING_SEED, tmp_path / "other")
    learnt = Tracked(other, "auditor-view"), _labels(other, others_key)
    names = [name for name in detect.names() if name not in (*study.TRIPWIRES, NOT_ALWAYS)]
    assert _missed(made, key, names, learnt) == []
