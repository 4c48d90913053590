"""The stored figures on how hard misuse is to find keep their lines, and one seed of each table comes out again.

Remade by tests/benchmarks/study_misuse.py; all seeds again: ``pytest -m slow tests/statistics/test_misuse_study.py``.
"""

import importlib.util
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

_PATH = Path(__file__).parents[1] / "benchmarks" / "study_misuse.py"
_SPEC = importlib.util.spec_from_file_location("study_misuse", _PATH)
study = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)


@pytest.fixture(scope="module")
def curve():
    return study.stored("curve")


@pytest.fixture(scope="module")
def runs():
    return study.stored("runs")


def _best(curve, level):
    """The baseline with the best mean at stealth 0, its figures at `level` by seed."""
    means = curve.filter(pl.col("level") == 0.0).group_by("detector").agg(pl.col("average_precision").mean())
    name = means.sort("average_precision", descending=True)["detector"][0]
    return curve.filter(pl.col("level") == level, pl.col("detector") == name).sort("seed")


def test_the_best_unsupervised_falls_from_above_six_tenths(curve):
    """At stealth 0 its mean average precision lies above 0.6."""
    values = _best(curve, 0.0)["average_precision"].to_list()
    assert np.mean(values) > 0.6


def test_it_never_rises_with_stealth(curve):
    """Paired over seeds no level stands significantly above the one before (one-sided t at 5 %)."""
    for lower, upper in zip(study.LEVELS, study.LEVELS[1:], strict=False):
        both = _best(curve, lower).join(_best(curve, upper), on="seed")
        rise = (both["average_precision_right"] - both["average_precision"]).to_numpy()
        assert stats.ttest_1samp(rise, 0.0, alternative="greater").pvalue > 0.05, (lower, upper)


def test_full_stealth_leaves_next_to_nothing(curve):
    """At stealth 1 the best one's mean lift over chance is below 3, and no other's significantly above it.

    An average precision over some thirty events jumps with one of them that happens to stand first.
    """
    last = _best(curve, 1.0)
    assert (last["average_precision"] / last["prevalence"]).mean() < 3
    for name in study.UNSUPERVISED:
        own = curve.filter(pl.col("level") == 1.0, pl.col("detector") == name)
        lift = (own["average_precision"] / own["prevalence"]).to_numpy()
        assert stats.ttest_1samp(lift, 3.0, alternative="greater").pvalue > 0.05, name


@pytest.mark.parametrize("level", sorted(set(study.stored("supervised")["level"])))
def test_labels_never_make_it_worse_and_never_find_everything(curve, level):
    """The supervised bound is not significantly below its level's best baseline (paired over seeds), and below 0.9."""
    bound = study.stored("supervised").filter(pl.col("level") == level).select("seed", bound="average_precision")
    own = curve.filter(pl.col("level") == level)
    means = own.group_by("detector").agg(pl.col("average_precision").mean()).sort("average_precision")
    both = own.filter(pl.col("detector") == means["detector"][-1]).join(bound, on="seed")
    assert both.height == bound.height == own["seed"].n_unique()
    loss = (both["bound"] - both["average_precision"]).to_numpy()
    assert stats.ttest_1samp(loss, 0.0, alternative="less").pvalue > 0.05
    assert bound["bound"].mean() < 0.9


def test_twins_are_not_told_apart():
    """Over 4,000 pairs of 800 episodes at least the area's interval holds one half, and lies within 0.46 to 0.54.

    The sharper question, each seed against all others, is told beside it and lies within these bounds too.
    """
    found, sharper = study.stored("twins").iter_rows(named=True)
    assert found["pairs"] >= 4_000
    assert found["episodes"] >= 800
    assert 0.46 <= found["low"] <= 0.5 <= found["high"] <= 0.54
    assert 0.46 <= sharper["low"] <= sharper["high"] <= 0.54


def test_every_seed_and_level_is_there(curve, runs):
    """Twelve seeds at five levels; what the gate stopped is told in the runs and has no figures."""
    assert set(runs.select("level", "seed").iter_rows()) == {(level, s) for level in study.LEVELS for s in range(1, 13)}
    held = runs.filter(pl.col("gate") == "holds").select("level", "seed")
    assert set(curve.select("level", "seed").iter_rows()) == set(held.iter_rows())


def test_misuse_is_nearly_always_permitted_and_runs_seldom_leak(runs):
    """Nine of ten misuse events are allowed; the gate, which tests at 1 % a check, stops no more runs than that may."""
    held = runs.filter(pl.col("gate") == "holds")
    assert (held["allowed"].cast(pl.Float64) >= 0.9).all()
    assert stats.binom.sf(runs.height - held.height - 1, runs.height, 0.05) > 0.05


def _same(found, kept, level, seed, names):
    own = kept.filter(pl.col("level") == level, pl.col("seed") == seed, pl.col("detector").is_in(names))
    again = pl.DataFrame(found).select(kept.columns)
    return own.sort("detector").to_dicts() == again.sort("detector").to_dicts()


def test_one_seed_comes_out_again(curve, runs):
    """The first seed at full stealth gives the rows that are stored."""
    at = {"level": 1.0, "seed": 1}
    rows = study.measure(study.curve_scenario(1.0), at, None, ("has_reason",))
    assert _same(rows["curve"], curve, 1.0, 1, ["has_reason"])
    kept = runs.filter(pl.col("level") == 1.0, pl.col("seed") == 1).select("events", "misuse", "episodes", "twins")
    assert kept.to_dicts() == [{name: rows["runs"][0][name] for name in kept.columns}]


@pytest.mark.slow
@pytest.mark.parametrize("level", study.LEVELS)
def test_every_seed_comes_out_again(curve, level):
    """All seeds that are stored of a level."""
    for seed in curve.filter(pl.col("level") == level)["seed"].unique().sort():
        rows = study.measure(study.curve_scenario(level), {"level": level, "seed": seed}, None, study.UNSUPERVISED)
        assert _same(rows["curve"], curve, level, seed, list(study.UNSUPERVISED)), (level, seed)
