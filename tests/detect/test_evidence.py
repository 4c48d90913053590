"""Joining evidence by one number finds what joining by the columns finds."""

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from simulator.detect.evidence import beside

ROWS = 20_000


def _keys(words, rows):
    return {
        "actor": pl.Series([bytes([word % 50]) * 3 if word % 7 else None for word in words[:rows]], dtype=pl.Binary),
        "day": pl.Series((words[:rows] // 50 % 90).astype(np.int32)).cast(pl.Date),
        "hour": pl.Series(words[:rows] // 4_500 % 24).replace(5, None),
    }


def test_several_columns_as_one_number():
    """Thousands of keys of bytes, days and numbers, with nulls: each row gets what a join by the columns gives it."""
    words = np.random.Philox(key=3).random_raw(2 * ROWS).astype(np.int64) >> 33
    events = pl.DataFrame(_keys(words, ROWS))
    keys = [*events.columns]
    facts = pl.DataFrame(_keys(words[ROWS:], ROWS)).unique(keys).with_row_index("told")
    found = beside(events, facts, keys)
    assert 100 < found["told"].count() < ROWS
    assert_frame_equal(found, events.join(facts, on=keys, how="left", maintain_order="left"))


def test_nothing_is_known_of_nobody():
    """A key with a null meets no other, neither alone nor among several."""
    nobody = pl.DataFrame({"actor": [None, "a"], "day": [1, None]}, schema={"actor": pl.String, "day": pl.Int64})
    facts = nobody.with_row_index("told")
    assert beside(nobody, facts, ["actor", "day"])["told"].null_count() == 2
    assert beside(nobody, facts.drop("day"), ["actor"])["told"].to_list() == [None, 1]
