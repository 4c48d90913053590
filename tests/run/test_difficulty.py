"""Difficulty is the place of an episode's best event in a list, and goes with the truth."""

import math

import made_town
import polars as pl

from simulator import detect, difficulty
from simulator.schema import DIFFICULTY


def test_difficulty_is_the_place_in_the_list():
    """The best rank is that of the highest of the episode's events, ties sharing their mean place."""
    view = made_town.town()
    key = made_town.key(view)
    found = difficulty.measure(view, key, ("rules", "has_reason"))
    assert DIFFICULTY.conform(found).equals(found)
    assert set(found["detector"]) == {"rules", "has_reason"}
    for row in found.iter_rows(named=True):
        scores = dict(detect.run(view, row["detector"]).select("event_id", "score").iter_rows())
        best = max(scores[no] for no in key.labels["event_id"])
        above, same = sum(s > best for s in scores.values()), sum(s == best for s in scores.values())
        assert row["best_rank"] == above + (same + 1) / 2
        assert math.isclose(row["difficulty"], math.log(row["best_rank"]) / math.log(len(scores)))


def test_a_run_keeps_its_difficulty_with_the_truth(mini_folders, mini_key):
    """Every episode of the run is measured by every reference, look-alikes included, and twins are none."""
    found = pl.read_parquet(mini_folders.truth / "difficulty.parquet")
    assert set(found["episode_id"]) == set(mini_key.episodes["episode_id"])
    assert found.height == len(difficulty.REFERENCES) * mini_key.episodes.height
    assert found["difficulty"].is_between(0, 1).all()
    assert not (mini_folders.run / "difficulty.parquet").exists()
