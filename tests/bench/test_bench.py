"""Tables over seeds, and results that can be checked again."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from simulator import bench, detect
from simulator.errors import CheckError, DamagedError, UnknownNameError, UsageError


@pytest.fixture(scope="module")
def submitted(mini, mini_key, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    detect.write_scores(detect.run(mini, "rules"), folder / "rules.csv")
    bench.save(bench.submit(mini, mini_key, folder / "rules.csv", bench.Terms(3)), folder / "result.json")
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


def test_result_holds_against_a_run_made_again(submitted):
    """Without the run it is made again from scenario and seed, and all agrees; a sealed result wants its seed first."""
    assert bench.verify(submitted / "result.json", None, submitted / "rules.csv") == []
    told = {**json.loads((submitted / "result.json").read_text()), "seed": None}
    (submitted / "sealed.json").write_text(json.dumps(told))
    with pytest.raises(UsageError, match="sealed"):
        bench.verify(submitted / "sealed.json", None, submitted / "rules.csv")


def test_leaderboard_holds_only_what_holds(submitted, mini, tmp_path):
    """A result that holds is put in, once; one that does not is named and leaves the file as it was."""
    board, scores = tmp_path / "board.csv", submitted / "rules.csv"
    for _ in range(2):
        assert bench.record(submitted / "result.json", mini.path, scores, board) == []
    before = board.read_bytes()
    told = json.loads((submitted / "result.json").read_text())
    told["figures"]["average_precision"] = 0.99
    (tmp_path / "better.json").write_text(json.dumps({**told, "detector": "miracle"}))
    assert bench.record(tmp_path / "better.json", mini.path, scores, board)
    assert board.read_bytes() == before
    assert [line["detector"] for line in bench.leaderboard([board])] == ["rules"]


def test_seed_of_another_run_is_refused(submitted, mini, mini_key):
    """A result cannot claim a seed that the manifest does not commit to."""
    with pytest.raises(UsageError, match="not that of the run"):
        bench.submit(mini, mini_key, submitted / "rules.csv", bench.Terms(4))


def test_stopped_bench_goes_on(tmp_path, monkeypatch):
    """Rows that are kept are not made again; a run whose root is not the sealed one stops the bench."""
    out, plan = tmp_path / "rows.csv", bench.Plan(detectors=["volume"], scenarios=["mini"], seeds=[3])
    first = bench.run(plan, lambda _: None, out)
    told = []
    again = bench.run(plan, told.append, out)
    assert again.rows() == bench.rows(out).rows() == first.rows()
    assert told == []
    sealed = bench.Plan(detectors=["volume"], scenarios=["mini"], seeds=[3], roots={3: "ab" * 32})
    with pytest.raises(CheckError, match="makes other bytes"):
        bench.run(sealed, lambda _: None)


def test_fixed_benchmark_can_be_sealed():
    """The definition gets the root of every seed, and comes back from its TOML; a missing seed is refused."""
    held = bench.benchmark("v1")
    rows = pl.DataFrame({"seed": held.seeds, "run": [f"{seed:064x}" for seed in held.seeds]})
    done = bench.sealed(held, rows)
    assert done.plan(("rules",)).roots[12] == f"{12:064x}"
    with pytest.raises(UsageError, match="each of the seeds"):
        bench.sealed(held, rows.head(11))
    with pytest.raises(UnknownNameError, match="v1"):
        bench.benchmark("v9")
    assert all(erratum.benchmark for erratum in bench.errata())


def test_table_has_means_and_intervals():
    """Means over seeds with an interval around them, the best first."""
    figures = dict.fromkeys(bench.FIGURES, 0.0)
    rows = [{"scenario": "s", "seed": i, "detector": d, "episodes": 1, **figures, "average_precision": ap}
            for d, aps in (("a", (0.1, 0.3)), ("b", (0.5, 0.7))) for i, ap in enumerate(aps)]  # fmt: skip
    best, worst = bench.table(pl.DataFrame(rows))
    assert (best["detector"], best["average_precision"], worst["average_precision"]) == ("b", 0.6, 0.2)
    assert best["average_precision_low"] <= 0.6 <= best["average_precision_high"]


def test_run_without_misuse_has_no_recall():
    """Where there is nothing to find, average precision and recall are null and leave the means alone."""
    rows = [{"scenario": "s", "seed": i, "detector": "d", "episodes": i, **dict.fromkeys(bench.FIGURES, 0.5)}
            for i in (0, 1)]  # fmt: skip
    rows[0]["average_precision"] = rows[0]["recall_20"] = None
    (line,) = bench.table(pl.DataFrame(rows))
    assert (line["seeds"], line["episodes"], line["average_precision"]) == (2, 1, 0.5)


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        ({"seeds": []}, UsageError, "seeds"),
        ({"seeds": [bench.TRAINING_SEED]}, UsageError, "kept for learning"),
        ({"detectors": ["rulez"]}, UnknownNameError, "detector"),
        ({"track": "all"}, UnknownNameError, "track"),
        ({"scenarios": ["minni"]}, UnknownNameError, "scenario"),
        ({"scenarios": []}, UsageError, "which scenario"),
    ],
)
def test_bad_wishes_are_refused(change, error, what):
    """No seed, the training seed, an unknown detector, track or scenario: refused before any run is made."""
    plan = bench.Plan(**{"detectors": ["rules"], "scenarios": ["mini"], "seeds": [1], **change})
    with pytest.raises(error, match=what):
        bench.run(plan, print)


def test_file_of_something_else_is_refused(tmp_path):
    """Rows and leaderboards are not written over another file."""
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DamagedError, match="no rows"):
        bench.rows(tmp_path / "x.csv")
    with pytest.raises(DamagedError, match="no leaderboard"):
        bench.leaderboard([tmp_path / "x.csv"])


FIXTURE = Path(__file__).parents[2] / "fixtures/bench/v1.csv"


def test_table_of_the_readme_is_of_the_sealed_runs():
    """The rows that are checked in are of the runs the benchmark is sealed with, all seeds for every detector."""
    held, rows = bench.benchmark("v1"), bench.rows(FIXTURE)
    assert bench.sealed(held, rows) == held
    assert {line["seeds"] for line in bench.table(rows)} == {len(held.seeds)}
    assert {"chance", "rules", "has_reason"} <= set(rows["detector"])
    assert set(rows["track"]) == {held.track}


@pytest.mark.slow
def test_sealed_run_is_made_again(tmp_path):
    """The first seed gives the run that the benchmark is sealed with, and the figures that are checked in."""
    held, rows = bench.benchmark("v1"), bench.rows(FIXTURE)
    plan = replace(held.plan(("rules", "has_reason")), seeds=held.seeds[:1])
    again = bench.run(plan, lambda _: None).sort("detector")
    was = rows.filter(pl.col("seed") == held.seeds[0], pl.col("detector").is_in(["rules", "has_reason"]))
    assert again.select(bench.FIGURES).equals(was.sort("detector").select(bench.FIGURES))
