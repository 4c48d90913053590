"""`jukisim verify` looks at the live log beside the run, too."""

import shutil
import sqlite3
from datetime import timedelta

import live_run
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.errors import MissingError
from simulator.live import journal
from simulator.live.desk import Live, Request
from simulator.live.verification import read_head, seal_head
from simulator.pseudonym import PseudonymKey
from simulator.pseudonym.errors import SignatureError


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


def _head(run, *more):
    found = CliRunner().invoke(app, ["audit", "head", str(run), "--live", *map(str, more)])
    return found.exit_code, found.stdout, found.stderr


def test_a_head_is_given_away_signed(used, tmp_path):
    """A signed head of the live log is taken back by its key alone; a changed one, and none, are named."""
    key, kept = tmp_path / "town.key", tmp_path / "head"
    PseudonymKey.generate().save(key)
    code, out, words = _head(used, "--key", key, "--out", kept)
    signer = words.split()[-1]
    assert (code, out) == (0, "")
    assert kept.read_text().startswith(log(used).with_suffix(".checkpoint").read_text())
    assert verify(used, "--checkpoint", str(kept), "--signer", signer) == (0, "")
    assert verify(used, "--checkpoint", str(kept)) == (0, "")
    number = kept.read_text().splitlines()[1]
    kept.write_text(kept.read_text().replace(f"\n{number}\n", f"\n{int(number) - 1}\n"))
    with pytest.raises(SignatureError, match="does not hold"):
        read_head(kept, signer)
    plain = tmp_path / "plain"
    assert _head(used, "--out", plain)[0] == 0
    with pytest.raises(SignatureError, match="is not signed by"):
        read_head(plain, signer)


def test_a_log_that_nobody_used_has_no_head(folder, tmp_path):
    """Nothing was asked yet: said so, and no file is made."""
    with pytest.raises(MissingError, match="has no live log: nothing was asked of it yet"):
        seal_head(folder, None, None)
    assert not list(folder.with_name(f"{folder.name}.live").glob("*.db"))


def test_the_head_is_written_with_time_too(folder, monkeypatch):
    """A minute after the last head the next event writes one, however few came."""
    with Live.open(folder, clock=live_run.clock()) as live:
        clerk = live_run.staff(live, "R01")
        asked = Request(question="search", staff=clerk, purpose="resident_certificate", values={"kana": "ア"})
        live.ask(asked)
        beside = log(folder).with_suffix(".checkpoint")
        assert not beside.exists()
        monkeypatch.setattr(journal, "CHECKPOINT_SECONDS", 0.0)
        live.ask(asked)
        assert read_head(beside).event_id == live.journal.head.event_id
