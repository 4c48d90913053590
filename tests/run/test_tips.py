"""What the office knows is less and later than the truth, and sometimes wrong."""

import datetime

import polars as pl
import pytest

from simulator import tips
from simulator.schema import KNOWN


@pytest.fixture(scope="module")
def told(mini, mini_key):
    return tips.known(mini, mini_key, 3)


def test_what_is_known_lies_beside_the_truth(mini_folders, told):
    """The run keeps the table with its truth and nowhere else, and the same seed gives the same."""
    kept = pl.read_parquet(mini_folders.truth / "known.parquet")
    assert KNOWN.conform(kept).equals(told)
    assert not list(mini_folders.run.rglob("known*"))


def test_founded_tips_are_misuse_that_came_to_light_later(mini_key, told):
    """Each is of an episode with a channel, on the day that its story says or within the wider look after it."""
    both = told.filter("founded").join(mini_key.labels, on="event_id").join(mini_key.episodes, on="episode_id")
    assert both.height == told.filter("founded").height > 0
    assert both["misuse"].all()
    assert (both["channel"] != "none").all()
    late = (pl.col("known_on") - pl.col("last_at").dt.date()).dt.total_days() - pl.col("found_after_days")
    days = both.select(late).to_series()
    assert days.is_between(0, tips.ASSUMED_WIDER_DAYS).all()
    assert both.filter(days == 0)["episode_id"].n_unique() == both["episode_id"].n_unique()


def test_unfounded_complaints_are_about_look_alikes(mini, mini_key, monkeypatch):
    """If everybody complained, one event of each look-alike would be blamed, and no other."""
    monkeypatch.setattr(tips, "ASSUMED_UNFOUNDED_RATE", 1.0)
    blamed = tips.known(mini, mini_key, 3).filter(~pl.col("founded"))
    both = blamed.join(mini_key.labels, on="event_id")
    lawful = mini_key.episodes.filter(pl.col("episode_kind") == "look-alike")
    assert both["lookalike"].all()
    assert blamed.height == both["episode_id"].n_unique() == lawful.height


def test_labels_grow_with_the_days(mini, told):
    """On a day the office believes what it has been told by then; at last all of it, and before the run nothing."""
    events = mini.table("event")
    first, last = told["known_on"].min(), told["known_on"].max()
    counts = [int(tips.labels_on(day, events, told)["misuse"].sum()) for day in (first, last)]
    assert int(tips.labels_on(first - datetime.timedelta(days=1), events, told)["misuse"].sum()) == 0
    assert 0 < counts[0] <= counts[1] == told.height
