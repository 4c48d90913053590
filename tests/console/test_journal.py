"""The journal: what was acknowledged is there after any end of the process, and nothing is changed afterwards."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from simulator import storage
from simulator.clock import JST, SimClock, from_ms
from simulator.console.journal import BusyError, Journal
from simulator.errors import DamagedError, StorageError

META = {"drill": "a" * 64}


def test_entries_come_back_as_they_were(tmp_path):
    """Numbers, order and Japanese text survive closing."""
    journal = Journal.open(tmp_path, META)
    journal.add("mark", "1班", "監査 花子", event_id=5, verdict="misuse", reason="受付がない")
    journal.add("pause")
    told = journal.entries
    journal.close()
    again = Journal.open(tmp_path, META)
    assert again.entries == told
    assert [entry.seq for entry in again.entries] == [1, 2]
    again.close()


def test_entry_is_on_the_disk_when_the_process_dies_at_once(tmp_path):
    """A process that ends without closing anything loses no acknowledged entry."""
    program = (
        "import os, sys; from pathlib import Path; from simulator.console.journal import Journal\n"
        f"journal = Journal.open(Path(sys.argv[1]), {META!r})\n"
        "for n in range(20): journal.add('mark', '1班', 'a', event_id=n, verdict='misuse', reason='')\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, env=os.environ)
    assert done.returncode == 9
    journal = Journal.open(tmp_path, META)
    assert [entry.body["event_id"] for entry in journal.entries] == list(range(20))
    journal.close()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps access lists instead")
def test_folder_is_for_its_owner_only(tmp_path):
    """The codes of the teams and of the facilitator are in it."""
    Journal.open(tmp_path / "drill.session", META).close()
    assert (tmp_path / "drill.session").stat().st_mode & 0o077 == 0


def test_second_console_is_refused(tmp_path):
    """One process writes; the other is told so."""
    journal = Journal.open(tmp_path, META)
    with pytest.raises(BusyError, match="another console"):
        Journal.open(tmp_path, META)
    journal.close()
    Journal.open(tmp_path, META).close()


def test_journal_of_another_drill_is_refused(tmp_path):
    """Results of two drills never mix."""
    Journal.open(tmp_path, META).close()
    with pytest.raises(DamagedError, match="another drill"):
        Journal.open(tmp_path, {"drill": "b" * 64})
    Journal.open(tmp_path, META).close()


@pytest.mark.parametrize("sql", ["UPDATE entry SET team = 'x'", "DELETE FROM entry"])
def test_entries_cannot_be_changed(tmp_path, sql):
    """What was recorded stays as it was."""
    journal = Journal.open(tmp_path, META)
    journal.add("start")
    journal.close()
    connection = storage.connect(tmp_path / "journal.db", read_only=False)
    with pytest.raises((DamagedError, StorageError), match="only grows"):
        connection.execute(sql)
    connection.close()


def test_time_of_entries_never_goes_back(tmp_path):
    """A computer clock that is set back does not reorder the drill."""
    clock = SimClock(from_ms(1_750_000_000_000).astimezone(JST))
    journal = Journal.open(tmp_path, META, clock)
    first = journal.add("start")
    clock.at -= timedelta(hours=1)
    assert journal.add("pause").at_ms == first.at_ms
    journal.close()
