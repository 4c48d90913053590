"""`jukisim verify` looks at the live log beside the run, too."""

import shutil
import sqlite3
from datetime import timedelta

import live_run
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.live.desk import Live, Request


@pytest.fixture
def used(folder):
    """A run that was used and closed."""
    with Live.open(folder, clock=live_run.clock()) as live:
        clerk = live_run.staff(live, "R01")
        for _ in range(5):
            live.clock.at += timedelta(seconds=1)
            live.ask(Request(question="search", staff=clerk, purpose="resident_certificate", values={"kana": "ア"}))
    return folder


def verify(run, *more):
    found = CliRunner().invoke(app, ["verify", str(run), *more])
    return found.exit_code, found.stdout


def log(run):
    return next(run.with_name(f"{run.name}.live").glob("*.db"))


def test_a_used_run_is_whole(used):
    assert verify(used) == (0, "")
    kept = shutil.copy(log(used).with_suffix(".checkpoint"), used.with_name("kept"))
    assert verify(used, "--checkpoint", str(kept)) == (0, "")


def test_an_edited_event_is_named(used):
    connection = sqlite3.connect(log(used), isolation_level=None)
    connection.execute("DROP TRIGGER event_unchanged")
    number = connection.execute("SELECT max(event_id) - 2 FROM event").fetchone()[0]
    connection.execute("UPDATE event SET purpose = 'audit' WHERE event_id = ?", (number,))
    connection.close()
    code, words = verify(used)
    assert code == 4
    assert f"event {number}: was edited" in words


def test_a_log_cut_with_its_checkpoint_is_found_by_the_one_kept_elsewhere(used):
    kept = shutil.copy(log(used).with_suffix(".checkpoint"), used.with_name("kept"))
    connection = sqlite3.connect(log(used), isolation_level=None)
    for fence in ("event_undeleted", "shown_undeleted"):
        connection.execute(f"DROP TRIGGER {fence}")
    last = connection.execute("SELECT max(event_id) FROM event").fetchone()[0]
    connection.execute("DELETE FROM shown WHERE event_id = ?", (last,))
    connection.execute("DELETE FROM event WHERE event_id = ?", (last,))
    connection.close()
    code, words = verify(used)
    assert code == 4
    assert "it was cut" in words
    log(used).with_suffix(".checkpoint").unlink()
    assert verify(used) == (0, "")
    code, words = verify(used, "--checkpoint", str(kept))
    assert code == 4
    assert f"the checkpoint knows event {last}" in words
