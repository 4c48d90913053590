"""What the register said on a day: selecting by day and replaying change by change give the same."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from simulator.clock import Window
from simulator.population import Population, PopulationSpec, as_of, build, replay
from simulator.streams import Stream
from simulator.world.municipality import DEMO

YEAR = Window(date(2025, 4, 1), date(2026, 4, 1))
SMALL = build(PopulationSpec(1_200), DEMO, YEAR, Stream(23))


@cache
def town_of(seed: int) -> Population:
    return build(PopulationSpec(400), DEMO, YEAR, Stream(seed))


DAYS = st.dates(YEAR.start, YEAR.end + timedelta(days=20))


@settings(max_examples=25, deadline=None)
@given(day=DAYS, seed=st.integers(0, 3))
def test_replay_is_the_snapshot(day: date, seed: int) -> None:
    """Entering every change up to a day gives the register as of that day, for residents and foreigners."""
    people = town_of(seed)
    selected, replayed = as_of(people, day), replay(people, day)
    assert_frame_equal(selected.residents, replayed.residents)
    assert_frame_equal(selected.foreigners, replayed.foreigners)


def test_every_kind_of_change_is_replayed(town: Population) -> None:
    """In 20,000 people the year's changes of nearly every kind replay to the register at its end."""
    assert town.changes["reason"].n_unique() >= 20
    assert_frame_equal(as_of(town, YEAR.end).residents, replay(town, YEAR.end).residents)


def test_opening_is_the_register_at_first() -> None:
    """Before any change takes effect the register is the table of those present."""
    quiet = SMALL.changes["recorded_on"].min()
    first = as_of(SMALL, YEAR.start, YEAR.start)
    assert isinstance(quiet, date)
    present = SMALL.residents.filter(pl.col("resident_since") < YEAR.start)
    same = first.residents.join(present, on=["resident_no", "household_no", "name_key"], how="semi")
    assert same.height >= present.height - SMALL.changes.filter(pl.col("recorded_on") <= YEAR.start).height


def test_a_correction_shows_only_to_those_who_know(town: Population) -> None:
    """Asked about a day before a correction, the register of then and the register of now answer differently."""
    corrected = town.changes.filter(pl.col("reason") == "職権修正").row(0, named=True)
    before = corrected["recorded_on"] - timedelta(days=1)
    lot = pl.col("resident_no") == corrected["resident_no"]
    then = as_of(town, before).residents.filter(lot)["registry_lot"].item()
    now = as_of(town, before, YEAR.end).residents.filter(lot)["registry_lot"].item()
    assert then != now


def test_an_announced_move_shows_on_its_day(town: Population) -> None:
    """Who has announced to leave is in the register until the day announced."""
    leaving = town.changes.filter(
        (pl.col("reason") == "転出") & (pl.col("happened_on") > pl.col("recorded_on") + pl.duration(days=2))
        & (pl.col("happened_on") < YEAR.end)
    ).row(0, named=True)  # fmt: skip
    for day, here in ((leaving["recorded_on"], True), (leaving["happened_on"], False)):
        assert (leaving["resident_no"] in as_of(town, day).residents["resident_no"]) is here


def test_a_change_that_does_not_fit_is_refused() -> None:
    """Replaying says which change begins where the record does not stand."""
    bent = SMALL.changes.with_columns(
        household_from=pl.when(pl.col("reason") == "転居").then(0).otherwise("household_from")
    )
    with pytest.raises(ValueError, match="not where the change begins"):
        replay(replace(SMALL, changes=bent.with_columns(pl.col("household_from").cast(pl.UInt32))), YEAR.end)


def test_days_before_the_window_are_refused() -> None:
    """The register is told from the first day of the window on."""
    with pytest.raises(ValueError, match="is before"):
        as_of(SMALL, YEAR.start - timedelta(days=1))
