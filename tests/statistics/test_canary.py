"""The canary is found by every baseline but the tripwires, and counted in no score."""

import importlib.util
from pathlib import Path

import polars as pl
import pytest

from simulator import bench, detect, scoring
from simulator.bench.running import TRAINING_SEED, made_of
from simulator.detect.tracks import Tracked

_SPEC = importlib.util.spec_from_file_location(
    "study_misuse", Path(__file__).parents[1] / "benchmarks" / "study_misuse.py"
)
study = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)
QUICK = ("collaborative", "has_reason", "peers", "rules", "standard")
FIXTURE = Path(__file__).parents[2] / "fixtures" / "bench" / "v1.csv"
SEED = 3


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """One run of the fixed benchmark, with its answer key."""
    return made_of("town", SEED, tmp_path_factory.mktemp("town"))


def _missed(made, key, names, learnt=None):
    canary = key.labels.filter(pl.col("archetype") == "C01")["event_id"]
    assert len(canary) > 50
    assert key.labels.filter(pl.col("archetype") == "C01")["grey"].all()
    return [name for name in names if not study.found(detect.run(made, name, learnt), canary)]


def test_the_quick_baselines_find_it(town):
    """More of its events are among the first hundredth than luck would put there, in the town of the benchmark."""
    assert _missed(*town, QUICK) == []


def test_the_row_of_the_fixed_benchmark_comes_out_again(town):
    """What is checked in of this run is what it gives, by the detector whose figures say most and by the cheapest."""
    made, key = town
    kept = bench.rows(FIXTURE).filter(pl.col("seed") == SEED)
    for name in ("collaborative", "volume"):
        row = kept.row(by_predicate=pl.col("detector") == name, named=True)
        found = bench.figures(scoring.score(made, key, detect.run(made, name), name))
        assert made.root == row["run"]
        assert found == {figure: row[figure] for figure in found}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_baseline_finds_it(tmp_path, seed):
    """All but the tripwires; the one that learns, from another run of the dense edition."""
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    made, key = made_of("town", seed, tmp_path / "own")
    other, others_key = made_of("town-dense", TRAINING_SEED, tmp_path / "other")
    learnt = Tracked(other, "auditor-view"), study.labelled(other, others_key)
    names = [name for name in detect.names() if name not in study.TRIPWIRES]
    assert _missed(made, key, names, learnt) == []
