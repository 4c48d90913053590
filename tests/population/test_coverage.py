"""What the table of the standard's items calls generated is in the tables of a town."""

import polars as pl
import pytest

from simulator.population import TABLES
from simulator.schema.coverage import items


@pytest.fixture(scope="module")
def frames(large_town):
    """The tables of a year, by the name of their table."""
    return {table.name: getattr(large_town, name) for name, table in TABLES.items()}


def test_every_item_called_generated_has_values(frames):
    """Each of its columns holds something for somebody."""
    claimed = [(item, *column.split(".")) for item in items() if item.generated != "no" for column in item.columns]
    empty = [(i.item, t, c) for i, t, c in claimed if t in frames and frames[t][c].null_count() == frames[t].height]
    assert empty == []


def test_every_reason_called_generated_happens(frames):
    """Changes of each reason are made, now or in the past; those called not generated are not."""
    told = [frame["reason"].cast(pl.String) for frame in frames.values() if "reason" in frame.columns]
    seen = set(pl.concat(told))
    made = {reason for item in items() if item.generated != "no" for reason in item.reasons}
    assert made - seen == set()
    assert seen - made == set()
