"""Tables over seeds, and results that can be checked again."""

import json

import polars as pl
import pytest

from simulator import bench, detect
from simulator.errors import DamagedError, UnknownNameError, UsageError


@pytest.fixture(scope="module")
def submitted(mini, mini_key, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    detect.write_scores(detect.run(mini, "rules"), folder / "rules.csv")
    bench.save(bench.submit(mini, mini_key, folder / "rules.csv", 3), folder / "result.json")
    return folder


def test_result_holds(submitted, mini):
    """Commitment, run, scores and figures agree with what was submitted."""
    assert bench.verify(submitted / "result.json", mini.path, submitted / "rules.csv") == []
    (line,) = bench.leaderboard([submitted / "result.json"])
    assert (line["kind"], line["detector"]) == ("open-seed", "rules")


@pytest.mark.parametrize(
    ("change", "place"),
    [({"seed": 4}, "seed"), ({"run": "ab" * 32}, "run"), ({"scores_sha256": "0" * 64}, "scores")],
)
def test_what_was_changed_is_named(submitted, mini, tmp_path, change, place):
    """A seed, run or scores that are others are named."""
    told = {**json.loads((submitted / "result.json").read_text()), **change}
    (tmp_path / "changed.json").write_text(json.dumps(told))
    findings = bench.verify(tmp_path / "changed.json", mini.path, submitted / "rules.csv")
    assert [finding.place for finding in findings] == [place]


def test_figures_made_better_are_named(submitted, mini, tmp_path):
    """A figure that the scores do not give is named."""
    told = json.loads((submitted / "result.json").read_text())
    told["figures"]["average_precision"] = 0.99
    (tmp_path / "better.json").write_text(json.dumps(told))
    (finding,) = bench.verify(tmp_path / "better.json", mini.path, submitted / "rules.csv")
    assert finding.place == "figures.average_precision"


def test_no_result(tmp_path):
    """A file that is no result is refused."""
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(DamagedError, match="no result"):
        bench.load(tmp_path / "x.json")


def test_table_has_means_and_intervals():
    """Means over seeds with an interval around them, the best first."""
    figures = dict.fromkeys(bench._FIGURES, 0.0)
    rows = [{"scenario": "s", "seed": i, "detector": d, **figures, "average_precision": ap}
            for d, aps in (("a", (0.1, 0.3)), ("b", (0.5, 0.7))) for i, ap in enumerate(aps)]  # fmt: skip
    best, worst = bench.table(pl.DataFrame(rows))
    assert (best["detector"], best["average_precision"], worst["average_precision"]) == ("b", 0.6, 0.2)
    assert best["average_precision_low"] <= 0.6 <= best["average_precision_high"]


def test_bad_wishes_are_refused():
    """No seed, the training seed, an unknown detector or track: refused before any run is made."""
    with pytest.raises(UsageError, match="seeds"):
        bench.run(["rules"], ["mini"], [], "auditor-view", print)
    with pytest.raises(UsageError, match="kept for learning"):
        bench.run(["rules"], ["mini"], [bench.TRAINING_SEED], "auditor-view", print)
    with pytest.raises(UnknownNameError, match="detector"):
        bench.run(["rulez"], ["mini"], [1], "auditor-view", print)
    with pytest.raises(UnknownNameError, match="track"):
        bench.run(["rules"], ["mini"], [1], "all", print)
