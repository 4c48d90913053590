"""Every detector that ships, found by discovery, holds to the public contract."""

import made_town
import polars as pl
import pytest

from simulator import detect

FEW = 200


def seen(name):
    """The made town; its first events only for a baseline that takes its time."""
    frames = {table: made_town.town().table(table) for table in detect.TABLES}
    rows = frames["event"].height if detect.discover()[name].quick else FEW
    return detect.Tables({**frames, "event": frames["event"].head(rows)})


def learnt(name):
    """The baseline, having learnt what there is to learn in the made town if it must."""
    detector, town = detect.make(name), made_town.town()
    if detect.discover()[name].learns:
        known = made_town.key(town).labels.select("event_id", "misuse")
        labels = town.table("event").select("event_id").join(known, on="event_id", how="left")
        detector.learn(town, labels.with_columns(pl.col("misuse").fill_null(value=False)))
    return detector


@pytest.mark.parametrize("name", detect.names())
def test_baseline_keeps_the_contract(name):
    """It is finite, deterministic, stateless, and blind to names, numbers and order."""
    detect.check_detector(lambda: learnt(name), seen(name))


@pytest.mark.parametrize("name", detect.names())
def test_baseline_reads_only_what_it_says(name):
    """It opens no table beyond its record's list, and opens all of them."""
    town, opened = made_town.town(), set()

    class Watched:
        def table(self, table):
            opened.add(table)
            return town.table(table)

    learnt(name).score(Watched())
    assert opened == set(detect.discover()[name].tables)
