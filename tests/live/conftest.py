"""A run in use, made anew for each test over one run."""

import live_run
import pytest

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
