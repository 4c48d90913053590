"""A run in use, made anew for each test over one run."""

from datetime import timedelta

import live_run
import neighbours
import polars as pl
import pytest

from simulator import seed
from simulator.clock import SimClock
from simulator.dataset import Dataset
from simulator.live.desk import Live


@pytest.fixture
def folder(hall_folders, tmp_path):
    """A run with no live log yet."""
    return live_run.link(hall_folders, tmp_path / "here")


@pytest.fixture
def live(folder):
    """The run in use, at the first opening after its end."""
    with Live.open(folder, clock=live_run.clock()) as opened:
        yield opened


@pytest.fixture(scope="session")
def pair(tmp_path_factory):
    """The folders of a run of two municipalities."""
    return neighbours.made(tmp_path_factory.mktemp("pair"))


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, pair, tmp_path):
    """Opens a municipality of the run at a time; in a file or in PostgreSQL."""
    run, address, held = live_run.link(pair, tmp_path / "here"), None, []
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres").create()
        seed.seed(Dataset.open(pair.run), seed.Order(target=address))

    def open_(code, day=0, policy=None):
        clock = SimClock(neighbours.OPENING + timedelta(days=day))
        live = Live.open(run, municipality=code, database=address, clock=clock, policy=policy)
        held.append(live)
        return live

    yield open_
    for live in held:
        live.close()


@pytest.fixture(scope="session")
def both(pair):
    """The movers who have a record in both municipalities of `pair`, as resident_no in each."""
    here, there = (
        pl.read_parquet(pair.run / "registry" / "resident" / f"{code}.parquet").select("resident_no", "resident_code")
        for code in (neighbours.HERE, neighbours.THERE)
    )
    return here.join(there, on="resident_code", suffix="_there")
