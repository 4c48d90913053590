"""The live log: one writer, nothing acknowledged is lost, nothing changed goes unseen."""

import shutil
import sqlite3
import subprocess
import sys

import polars as pl
import pytest
from live_entries import FIRST, META, ROOT, entry, event

from simulator.access.log.record import pack
from simulator.errors import DamagedError, StorageError
from simulator.live import chain
from simulator.live.checkpoint import LiveCheckpoint
from simulator.live.journal import BusyError, Entry, Journal
from simulator.live.verification import _problem, _records, verify_live
from simulator.schema import EVENT


@pytest.fixture
def log(tmp_path):
    """A closed log of 64 events, and the checkpoint of its end."""
    path = tmp_path / "RUN.live" / "482012.db"
    with Journal.open(path, META) as journal:
        for number in range(64):
            journal.append([entry(number)])
        head = LiveCheckpoint("482012", journal.head.event_id, journal.head.link)
    return path, head


def unfenced(path):
    """A connection that may do what the log forbids."""
    connection = sqlite3.connect(path, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def test_events_are_numbered_and_chained_to_the_root(log):
    path, head = log
    assert head.event_id == FIRST + 63
    assert verify_live(path, ROOT, head) == []
    with Journal.read(path) as journal:
        assert journal.genesis.link.hex() == ROOT


def test_record_is_that_of_the_sealed_log():
    """One event packed alone gives the bytes that the columns give."""
    rows = [{**event(number), "event_id": FIRST + number} for number in range(5)]
    frame = pl.DataFrame(rows, schema={**EVENT.polars, "at": pl.Int64}, orient="row").with_columns(
        pl.from_epoch("at", time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo")
    )
    alone = b"".join(chain._EVENT.pack(row) for row in rows)
    assert pack(EVENT, EVENT.conform(frame)).tobytes() == alone


def test_second_writer_is_refused(log):
    path, _ = log
    with Journal.open(path, META), pytest.raises(BusyError, match="one process writes a live log"):
        Journal.open(path, META)


def test_second_process_is_refused_and_the_first_goes_on(log):
    path, _ = log
    script = (
        "import sys\nfrom pathlib import Path\nfrom simulator.live.journal import Journal, BusyError\n"
        f"try:\n    Journal.open(Path(sys.argv[1]), {META!r})\nexcept BusyError:\n    sys.exit(7)\n"
    )
    with Journal.open(path, META) as journal:
        assert subprocess.run([sys.executable, "-c", script, path], check=False).returncode == 7
        journal.append([entry(7)])
    assert verify_live(path, ROOT) == []


def test_writer_that_evades_the_lock_is_noticed(log):
    path, _ = log
    with Journal.open(path, META) as journal:
        other = Journal(journal._shelf)
        other.append([entry(1)])
        with pytest.raises(BusyError, match="another process"):
            journal.append([entry(2)])
    assert verify_live(path, ROOT) == []


def test_log_of_another_run_is_refused(log):
    path, _ = log
    with pytest.raises(DamagedError, match="belongs to the run 5a5a"):
        Journal.open(path, {**META, "root": "00" * 32})
    assert "belongs to the run" in verify_live(path, "00" * 32)[0][1]


@pytest.mark.parametrize(
    "sql", ["DELETE FROM event", "UPDATE event SET hits = 1", "DELETE FROM shown", "UPDATE meta SET value = ''"]
)
def test_log_only_grows(log, sql):
    path, _ = log
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        sqlite3.connect(path).execute(sql)


def test_what_does_not_fit_is_not_half_recorded(log):
    path, _ = log
    with Journal.open(path, META) as journal:
        with pytest.raises(DamagedError, match="column role"):
            journal.append([entry(1), Entry({**event(), "role": "R99"})])
        assert journal.append([entry(2)]) == [FIRST + 64]
    assert verify_live(path, ROOT) == []


def test_failed_commit_loses_nothing_acknowledged(log, monkeypatch):
    path, _ = log
    with Journal.open(path, META) as journal:
        broken = pytest.MonkeyPatch()
        broken.setattr(
            journal._shelf.connection, "execute", lambda *_: (_ for _ in ()).throw(StorageError("disk is full"))
        )
        with pytest.raises(StorageError, match="full"):
            journal.append([entry(1)])
        broken.undo()
        assert journal.append([entry(1)]) == [FIRST + 64]
    assert verify_live(path, ROOT) == []


def _flips(value):
    """`value` with each of its bits turned, as a database could hold it."""
    if isinstance(value, int):
        return [value ^ (1 << bit) for bit in range(63)]
    content = value.encode() if isinstance(value, str) else value
    turned = []
    for bit in range(8 * len(content)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        turned.append(bytes(changed).decode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(changed))
    return turned


def test_every_bit_of_64_records_is_guarded(log):
    """Each bit of each value turned, each null filled and each value emptied: caught, and named as that event's."""
    path, _ = log
    with Journal.read(path) as journal:
        records, before, flips = list(_records(journal)), journal.genesis, 0
    for row, shown in records:
        assert _problem(row, shown, before) == ""
        for name, value in row.items():
            changed = [0, "", b""] if value is None else [*_flips(value), None]
            for each in changed:
                if each == value and type(each) is type(value):
                    continue
                flips += 1
                assert _problem({**row, name: each}, shown, before), (row["event_id"], name, each)
        before = type(before)(row["event_id"], row["link"])
    assert flips > 64 * 1_700


@pytest.mark.parametrize(
    ("sql", "place", "words"),
    [
        ("UPDATE event SET hits = 4 WHERE event_id = {n}", 0, "edited"),
        ("UPDATE event SET detail = '{{}}' WHERE event_id = {n}", 0, "edited"),
        ("UPDATE event SET role = 'R99' WHERE event_id = {n}", 0, "column role"),
        ("DELETE FROM event WHERE event_id = {n}", 0, "missing"),
        ("DELETE FROM shown WHERE event_id = {n}", 0, "edited"),
        ("UPDATE shown SET rank = rank + 5 WHERE event_id = {n}", 0, "edited"),
        ("UPDATE event SET event_id = -1 WHERE event_id = {n};"
         "UPDATE event SET event_id = {n} WHERE event_id = {n} + 1;"
         "UPDATE event SET event_id = {n} + 1 WHERE event_id = -1", 0, "swapped"),
        ("INSERT INTO shown VALUES ({n} + 900, 0, x'00', x'00')", 900, "people whom it showed"),
    ],
)  # fmt: skip
def test_damage_is_named(log, sql, place, words):
    path, _ = log
    number = FIRST + 20
    connection = unfenced(path)
    connection.executescript(sql.format(n=number))
    connection.close()
    ((_, what),) = verify_live(path, ROOT)
    assert f"event {number + place}:" in what
    assert words in what


@pytest.mark.parametrize("kept", [63, 40, 1, 0])
def test_truncation_is_caught_against_a_checkpoint(log, kept):
    path, head = log
    connection = unfenced(path)
    connection.execute("DELETE FROM event WHERE event_id >= ?", (FIRST + kept,))
    connection.execute("DELETE FROM shown WHERE event_id >= ?", (FIRST + kept,))
    connection.close()
    assert verify_live(path, ROOT) == []
    ((_, what),) = verify_live(path, ROOT, head)
    assert f"ends at event {FIRST + kept - 1}" in what
    assert "cut" in what


def test_rewritten_tail_is_caught_against_a_checkpoint(log):
    path, head = log
    connection = unfenced(path)
    connection.execute("DELETE FROM event WHERE event_id >= ?", (FIRST + 30,))
    connection.execute("DELETE FROM shown WHERE event_id >= ?", (FIRST + 30,))
    connection.close()
    with Journal.open(path, META) as journal:
        journal.append([entry(50)] * 40)
    assert verify_live(path, ROOT) == []
    ((_, what),) = verify_live(path, ROOT, head)
    assert "rewritten" in what


def test_damaged_file_is_named(log):
    path, _ = log
    content = bytearray(path.read_bytes())
    content[:100] = b"x" * 100
    path.write_bytes(content)
    ((place, what),) = verify_live(path, ROOT)
    assert place.endswith("482012.db")
    assert "does not read" in what


def test_checkpoint_reads_back(log):
    _, head = log
    assert LiveCheckpoint.parse(head.to_text(), "here") == head
    with pytest.raises(DamagedError, match="not a checkpoint"):
        LiveCheckpoint.parse("jukisim/run/demo\n1\nzz\n", "here")


def test_full_disk_is_one_clear_line(tmp_path):
    """A database that may not grow: nothing half-recorded, and it goes on once there is room."""
    path = tmp_path / "RUN.live" / "482012.db"
    with Journal.open(path, META) as journal:
        journal.append([entry(0)])
        pages = journal.select("PRAGMA page_count")[0]["page_count"]
        journal._shelf.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match="full"):
            journal.append([entry(number) for number in range(200)])
        assert journal.head.event_id == FIRST
        journal._shelf.connection.execute("PRAGMA max_page_count = 1000000")
        assert journal.append([entry(1)]) == [FIRST + 1]
    shutil.copy(path, tmp_path / "copy.db")
    assert verify_live(path, ROOT) == []
