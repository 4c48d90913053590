"""Sigma's correlations, shard by shard, alert on what they alert on when all is asked at once."""

from pathlib import Path

import polars as pl

from simulator import detect
from simulator.dataset import Dataset
from simulator.detect.baselines import sigma
from simulator.detect.sigma_view import sigma_view

TOWN = Path(__file__).parents[2] / "fixtures" / "town"


def test_shards_cut_nothing_that_a_window_counts(monkeypatch):
    """The town's log in shards of a few rows, cut at pauses, and each rule's rows in one piece: the same scores."""
    town = Dataset.open(TOWN)
    monkeypatch.setattr(sigma, "_ROWS_A_SHARD", 1)
    cut = detect.run(town, "sigma")
    monkeypatch.setattr(sigma, "_shards", lambda rows, _query: [rows])
    assert cut.equals(detect.run(town, "sigma"))
    told = cut["why"].str.split("+").explode().unique().to_list()
    assert {query.name for query in sigma.queries() if query.group_by} & {*told}


def test_a_pause_ends_a_shard():
    """Of an operator's looks those a window apart are counted apart, and one that stands alone is not asked about."""
    rows = sigma_view(detect.Auditor(Dataset.open(TOWN)))
    bulk = next(query for query in sigma.queries() if query.name == "bulk")
    shards = sigma._shards(rows, bulk)
    kept = pl.concat(shards)
    assert 0 < kept.height < rows.height
    assert kept["event_id"].n_unique() == kept.height
    assert len(shards) > rows.height / sigma._ROWS_A_SHARD / 2
