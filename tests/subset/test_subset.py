"""A slice of a run is a run: whole, possible, scored like any other, and a part of what it was taken from."""

import polars as pl
import pytest

import simulator
from simulator.dataset import Dataset, verify, verify_people
from simulator.errors import ExistsError, UsageError
from simulator.subset import Choice, subset


@pytest.fixture(scope="module")
def slices(mini, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slices")
    wanted = {"north": Choice(districts=(1,)), "tenth": Choice(share=0.1), "third": Choice(share=0.33)}
    return {name: subset(mini, choice, folder / name).run for name, choice in wanted.items()}


@pytest.mark.parametrize("name", ["north", "tenth", "third"])
def test_a_slice_is_whole_and_possible(slices, name):
    """Every file, every record of the log, and every rule of the register."""
    assert verify(slices[name].path) == []
    assert verify_people(slices[name]) == []
    assert "Slice of the run" in slices[name].manifest.notes[-1]


def test_a_slice_is_a_part(mini, slices):
    """Its people, events and labels are those of the run, unchanged; nobody shown or asked about is outside."""
    for run in slices.values():
        events = run.table("event")
        whole = mini.table("event").filter(pl.col("event_id").is_in(events["event_id"].implode()))
        assert events.equals(whole)
        assert set(run.table("resident")["resident_code"]) < set(mini.table("resident")["resident_code"])
        known = set(run.table("attribute")["resident"])
        assert set(events["resident"].drop_nulls()) <= known
        assert set(run.table("shown")["resident"]) <= known
        assert set(run.table("case")["resident"]) <= known
        key = simulator.World(run).key
        assert set(key.labels["event_id"]) <= set(events["event_id"])
        assert set(key.episodes["episode_id"]) == set(key.labels["episode_id"])


def test_shares_nest(slices):
    """A smaller share is a part of a larger one."""
    few, more = (set(slices[name].table("resident")["resident_code"]) for name in ("tenth", "third"))
    assert few < more


def test_a_district_has_all_its_people(mini, slices):
    """Everyone who lives in the district is there."""
    homes = mini.table("household").join(mini.table("address"), on="address_no").filter(pl.col("district") == 1)
    there = mini.table("resident").filter(pl.col("household_no").is_in(homes["household_no"].implode()))
    assert set(there["resident_code"]) <= set(slices["north"].table("resident")["resident_code"])


def test_a_slice_is_used_like_any_run(slices, tmp_path):
    """It can be scored, asked and seeded; staff find their own record under its new number."""
    world = simulator.World(slices["third"])
    assert world.score(world.detect("chance")).events == world.run.manifest.rows["event"]
    world.seed(tmp_path / "third.db")
    with world.live(log=tmp_path / "live.db") as live:
        staff = live.office.staff.drop_nulls("resident_no")
        names = world.run.table("resident").select("resident_no", own="family_name")
        joined = staff.join(names, on="resident_no")
        assert joined.height == staff.height > 0
        assert joined["family_name"].equals(joined["own"].alias("family_name"))


def test_wrong_choices_say_what_would_be_right(mini, slices):
    """Both, neither, an impossible share, an unknown district, an existing folder."""
    for values in ({}, {"districts": (1,), "share": 0.1}, {"share": 1.5}):
        with pytest.raises(UsageError):
            Choice(**values)
    with pytest.raises(UsageError, match=r"no district 99; there are 0|no district 99; there are 1"):
        subset(mini, Choice(districts=(99,)), slices["north"].path.with_name("none"))
    with pytest.raises(ExistsError):
        subset(mini, Choice(share=0.5), slices["north"].path)
    assert isinstance(Dataset.open(slices["north"].path), Dataset)
