"""Sigma's correlations, shard by shard, alert on what they alert on when all is asked at once."""

from collections import Counter
from datetime import datetime, timedelta

import polars as pl
import pytest

from simulator.clock import JST
from simulator.detect.baselines import sigma
from simulator.detect.sigma_view import VIEW

BEGIN = datetime(2025, 4, 1, 9, tzinfo=JST)
LOOK = {"action": "view", "touch": 1, "case_stated": 0, "resulted": 0}
SEARCH = {"action": "search", "touch": 0, "hits": 300, "exact": 0}
HOUR, WEEK, TEN_MINUTES = 3_600.0, 604_800.0, 600.0


def view(rows):
    """Rows (actor, resident, seconds, what) as the view has them, in time order."""
    frame = pl.DataFrame(
        [{"actor": actor, "resident": resident, "at": at} | what for actor, resident, at, what in rows],
        infer_schema_length=None,
    )
    at = [(BEGIN + timedelta(seconds=s)).isoformat(timespec="milliseconds")[:23] for s in frame["at"]]
    frame = frame.with_columns(at=pl.Series(at)).sort("at").with_row_index("event_id")
    return VIEW.conform(frame.with_columns(pl.lit(None).alias(n) for n in VIEW.names if n not in frame.columns))


def log():
    """Every correlation over nearly its whole window, at its whole, and just beyond."""
    rows = []
    for name, span in (("within", HOUR - 1), ("whole", HOUR), ("beyond", HOUR + 0.001)):
        rows += [(f"bulk {name}", f"{name} {n}", span * n / 14, LOOK) for n in range(15)]
        rows += [(f"pause {name}", f"{name} {n}", n * 10 + (n > 7) * (span - 10), LOOK) for n in range(15)]
    for name, span in (("within", WEEK - 1), ("whole", WEEK), ("beyond", WEEK + 0.001)):
        rows += [(f"{name} {n}", f"crowd {name}", span * n / 3, LOOK) for n in range(4)]
        rows += [(f"alone {name} {n}", f"lonely {name}", n / 10 + (n > 1) * (span - 0.3), LOOK) for n in range(4)]
        rows += [("repeat", f"repeat {name}", span * n / 2, LOOK) for n in range(3)]
    for name, span in (("within", 1.0), ("whole", TEN_MINUTES), ("beyond", TEN_MINUTES + 0.001)):
        rows += [(f"search {name}", None, 0.0, SEARCH), (f"search {name}", "somebody", span, LOOK)]
    return view(rows)


@pytest.fixture(scope="module")
def rows():
    return log()


def test_shards_cut_nothing_that_a_window_counts(rows, monkeypatch):
    """In shards as small as can be every rule alerts on the same events as in one piece, some of each rule."""
    monkeypatch.setattr(sigma, "_ROWS_A_SHARD", 1)
    cut = Counter(sigma._alerts(rows))
    monkeypatch.setattr(sigma, "_shards", lambda whole, _query: [whole])
    assert cut == Counter(sigma._alerts(rows))
    alerted = {name for _, name, _ in cut}
    assert {query.name for query in sigma.queries() if query.group_by} <= alerted


def test_a_pause_longer_than_the_window_ends_a_shard(rows, monkeypatch):
    """Looks of one actor a window apart stay together; a thousandth of a second more parts them, and loners go."""
    monkeypatch.setattr(sigma, "_ROWS_A_SHARD", 1)
    bulk = next(query for query in sigma.queries() if query.name == "bulk")
    shards = sigma._shards(rows, bulk)
    sizes = {name: [n for shard in shards if (n := shard.filter(actor=name).height)] for name in rows["actor"].unique()}
    assert sizes["pause within"] == sizes["pause whole"] == sizes["bulk beyond"] == [15]
    assert sizes["pause beyond"] == [8, 7]
    assert sizes["search beyond"] == [2]
    assert sizes["within 3"] == []
