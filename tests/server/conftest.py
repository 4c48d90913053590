"""A server over a run in use, made anew for each test."""

import live_run
import pytest
from served import served

from simulator.live.desk import Live


@pytest.fixture
def folder(hall_folders, tmp_path):
    """A run with no live log yet."""
    return live_run.link(hall_folders, tmp_path / "here")


@pytest.fixture
def live(folder):
    """The run in use."""
    with Live.open(folder, clock=live_run.clock()) as opened:
        yield opened


@pytest.fixture
def client(live):
    """A client of a server of the run."""
    with served(live) as made:
        yield made
