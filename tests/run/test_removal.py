"""Removing an archetype leaves the log as it was, but for the cases it took, the days it touched and the numbers."""

import dataclasses

import polars as pl

from simulator import scenario
from simulator.generation import Order, generate
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey

NUMBERS = ("event_id", "session_id")
"""Given in order of the log, so they move where events are added or removed; they stand for the chain as well."""


def test_lawful_events_stay_when_an_archetype_goes(mini, mini_key, tmp_path):
    """Without M06 every event outside the cases and days that it touched is there, byte for byte."""
    whole = scenario.load("mini")
    fewer = dataclasses.replace(whole, misuse={k: v for k, v in whole.misuse.items() if k != "M06"})
    out = tmp_path / "run"
    generate(Order(scenario=fewer, seed=3, key=PseudonymKey.insecure()), out)
    other = AnswerKey.open(tmp_path / "run.truth")
    columns = [name for name in mini.table("event").columns if name not in NUMBERS]
    with_, without = (run.select(columns) for run in (mini.table("event"), pl.concat([_events(out)])))
    gone, new = (
        with_.join(without, on=columns, how="anti", nulls_equal=True),
        without.join(with_, on=columns, how="anti", nulls_equal=True),
    )
    mine = mini.table("event").join(mini_key.labels.filter(pl.col("archetype") == "M06"), on="event_id")
    days = mine.select("actor", pl.col("at").dt.date().alias("day")).unique()
    assert mine.height > 0
    assert gone.height == mine.height
    for frame in (gone, new):
        touched = frame.with_columns(day=pl.col("at").dt.date()).join(days, on=["actor", "day"], how="semi")
        assert touched.height == frame.height
    kept = [key.labels.filter(pl.col("archetype") == "M12").drop("event_id", "twin_of") for key in (mini_key, other)]
    assert kept[0].equals(kept[1])


def _events(out):
    return pl.concat(pl.read_parquet(file) for file in sorted((out / "audit" / "event").glob("*.parquet")))
