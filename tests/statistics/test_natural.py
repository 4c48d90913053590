"""`city` as it is shipped, twelve seeds: what is stored keeps its lines, and the first seed comes out again.

Remade by ``tests/benchmarks/study_misuse.py natural``.
"""

import importlib.util
from pathlib import Path

import polars as pl
import pytest
from scipy import stats

from simulator import detect
from simulator.bench.running import made_of

_SPEC = importlib.util.spec_from_file_location(
    "study_misuse", Path(__file__).parents[1] / "benchmarks" / "study_misuse.py"
)
study = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(study)
REPORTED = ("surname", "volume")
"""Tripwires on columns that an archetype may name in its signals: their figures are told, not held to chance."""
SEEDS = 12


@pytest.fixture(scope="module")
def runs():
    return study.stored("natural_runs").sort("seed")


def test_the_gate_passes_on_all_seeds(runs):
    """None of the twelve runs leaks."""
    assert runs["seed"].to_list() == list(range(1, SEEDS + 1))
    assert set(runs["gate"]) == {"holds"}


def test_misuse_is_nearly_always_permitted(runs):
    """At least nine of ten events of misuse are allowed, in every run."""
    assert runs["allowed"].cast(pl.Float64).min() >= 0.9


def test_the_canary_is_found_by_all_but_the_tripwires():
    """On every seed each of them puts more of its events among the first hundredth than luck does."""
    told = study.stored("natural_canary")
    wanted = {(seed, name) for seed in range(1, SEEDS + 1) for name in detect.names() if name not in study.TRIPWIRES}
    assert {*told.select("seed", "detector").iter_rows()} == wanted
    assert told.height == len(wanted)
    missed = [row for row in told.iter_rows(named=True) if not study.beyond_luck(row["first"], row["canary"])]
    assert missed == []
    assert told["canary"].min() > 50


@pytest.mark.parametrize("name", [name for name in study.TRIPWIRES if name not in REPORTED])
def test_tripwires_on_artefacts_find_nothing(name):
    """Episodes of all seeds together rank no higher among lawful work than chance has it (one-sided t at 5 %)."""
    areas = study.stored("natural_areas").filter(pl.col("detector") == name)
    assert areas["seed"].n_unique() == SEEDS
    assert stats.ttest_1samp(areas["area"].to_numpy(), 0.5, alternative="greater").pvalue > 0.05


def test_the_hour_puts_no_more_misuse_first_than_chance():
    """Paired over seeds, average precision by hour is not above what chance gets (one-sided t at 5 %)."""
    curve = study.stored("natural_curve").sort("seed")
    hour, chance = (curve.filter(pl.col("detector") == name)["average_precision"] for name in ("hour", "chance"))
    assert len(hour) == len(chance) == SEEDS
    assert stats.ttest_1samp((hour - chance).to_numpy(), 0.0, alternative="greater").pvalue > 0.05


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The first city, made anew, with its answer key."""
    return made_of("city", 1, tmp_path_factory.mktemp("city"))


def test_the_first_city_comes_out_again(city, runs):
    """The first seed gives the rows that are stored; all others by the command above."""
    rows = study.measured(*city, {"level": -1.0, "seed": 1}, None, ("collaborative", *study.TRIPWIRES))
    told = ["events", "misuse", "episodes", "allowed", "twins", "unmatched", "gate"]
    assert {name: rows["runs"][0][name] for name in told} == runs.select(told).row(0, named=True)
    kept = study.stored("natural_areas").filter(pl.col("seed") == 1)
    assert pl.DataFrame(rows["areas"]).select(kept.columns).equals(kept)


def test_what_quick_baselines_find_of_its_canary_comes_out_again(city):
    """Of the first seed's canary they find what is stored; the slow ones by the command above."""
    found = study.watched(*city, 1, {name: detect.make(name) for name in ("collaborative", "has_reason", "standard")})
    kept = study.stored("natural_canary").filter(pl.col("seed") == 1)
    assert len(found) == 3
    assert all(row in kept.to_dicts() for row in found)
