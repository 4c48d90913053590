"""The live log in PostgreSQL: many writers in turns, nothing but reading and adding, and every change is named."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from live_entries import FIRST, META, ROOT, entry

from simulator.errors import DamagedError, StorageError
from simulator.live.checkpoint import LiveCheckpoint
from simulator.live.journal import BusyError, Journal, ServedLog
from simulator.live.tables import AUDIT_ROLE
from simulator.live.verification import verify_live

SUPPORT = Path(__file__).parents[1] / "support"


@pytest.fixture(scope="module")
def places(postgres):
    """One database; each log has a schema of its own."""
    address = postgres.create()
    return (ServedLog(address, f"{number:06d}") for number in itertools.count(482012))


@pytest.fixture
def served(places):
    return next(places)


@pytest.fixture
def log(served):
    """A closed log of 64 events, and the checkpoint of its end."""
    with Journal.open(served, META) as journal:
        journal.append([entry(number) for number in range(64)])
        head = LiveCheckpoint(served.municipality, journal.head.event_id, journal.head.link)
    return served, head


def owner(log, *statements, fenced=False):
    """What the owner of the tables does; the triggers off unless `fenced`."""
    with psycopg.connect(log.address, autocommit=True) as connection:
        connection.execute(f"SET search_path = {log.schema}")
        if not fenced:
            connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


def test_events_have_the_numbers_and_links_of_a_file(log, tmp_path):
    """The same entries give the same chain in PostgreSQL as in SQLite."""
    served, head = log
    with Journal.open(tmp_path / "live.db", META) as file:
        file.append([entry(number) for number in range(64)])
        assert (file.head.event_id, file.head.link) == (head.event_id, head.link)
        ours = file.select("SELECT * FROM event ORDER BY event_id")
    with Journal.read(served) as journal:
        assert journal.select("SELECT * FROM event ORDER BY event_id") == ours
    assert verify_live(served, ROOT, head) == []


FORBIDDEN = ["UPDATE event SET hits = 0", "DELETE FROM shown", "TRUNCATE event"]


@pytest.mark.parametrize("verb", [*FORBIDDEN, "DROP TABLE event", "UPDATE meta SET value = ''", "DELETE FROM meta"])
def test_the_audit_role_reads_and_adds_and_nothing_else(log, verb):
    """By its rights, not by a trigger: the open log cannot change, delete, empty or drop what is there."""
    served, head = log
    with Journal.open(served, META) as journal:
        (who,) = journal.select("SELECT current_user AS name")
        assert who["name"] == AUDIT_ROLE
        with pytest.raises(StorageError, match=r"permission denied|must be owner"):
            journal.select(verb)
    assert verify_live(served, ROOT, head) == []


@pytest.mark.parametrize("verb", FORBIDDEN)
def test_the_owner_is_stopped_by_a_trigger(log, verb):
    """Whoever owns the tables has to switch the fence off first."""
    served, _ = log
    with pytest.raises(psycopg.errors.RaiseException, match="only grows"):
        owner(served, verb, fenced=True)


@pytest.mark.parametrize(
    ("sql", "place", "words"),
    [
        ("UPDATE event SET hits = hits + 1 WHERE event_id = {0} + 7", 7, "was edited"),
        ("UPDATE event SET detail = '{{}}' WHERE event_id = {0} + 4", 4, "was edited"),
        ("DELETE FROM event WHERE event_id = {0} + 9", 9, "is missing"),
        ("DELETE FROM shown WHERE event_id = {0} + 2 AND rank = 0", 2, "was edited"),
        ("UPDATE event SET event_id = -event_id WHERE event_id = {0} + 3", 0, "is missing"),
        (
            "UPDATE event SET link = o.link FROM event o WHERE event.event_id = {0} + 5 AND o.event_id = {0}",
            5,
            "edited",
        ),
    ],
)
def test_damage_is_named(log, sql, place, words):
    """The first broken event is named, with what was done to it."""
    served, _ = log
    owner(served, sql.format(FIRST))
    found = verify_live(served, ROOT)
    assert found
    assert f"event {FIRST + place}:" in found[0][1]
    assert words in found[0][1]


def test_cutting_and_rewriting_are_caught_against_a_checkpoint(log):
    """A shorter log, or another end, passes alone and fails against the checkpoint."""
    served, head = log
    kept = FIRST + 40
    owner(served, *(f"DELETE FROM {table} WHERE event_id > {kept}" for table in ("event", "shown")))  # noqa: S608 - ours
    assert verify_live(served, ROOT) == []
    assert "it was cut" in verify_live(served, ROOT, head)[0][1]
    with Journal.open(served, META) as journal:
        journal.append([entry(number) for number in range(23)])
        assert journal.head.event_id == head.event_id
    assert verify_live(served, ROOT) == []
    assert "rewritten" in verify_live(served, ROOT, head)[0][1]


def test_log_of_another_run_is_refused(log):
    """A log that belongs to another run is not gone on with."""
    with pytest.raises(DamagedError, match="belongs to the run"):
        Journal.open(log[0], {**META, "root": "00" * 32})


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from live_entries import META, entry
from simulator.live.journal import Journal, ServedLog
with Journal.open(ServedLog(sys.argv[2], sys.argv[3]), META) as journal:
    for number in range(int(sys.argv[4])):
        print(*journal.append([entry(number), entry(number + 1)]), flush=True)
"""


def writer(served, count):
    command = [sys.executable, "-c", WRITER, str(SUPPORT), served.address, served.municipality, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_many_processes_write_one_chain(served):
    """Two processes write at once, from making the log on: no number twice, none lost, one chain."""
    running = [writer(served, 40) for _ in range(2)]
    told = [int(number) for each in running for number in each.communicate(timeout=120)[0].split()]
    assert [each.returncode for each in running] == [0, 0]
    assert sorted(told) == list(range(FIRST, FIRST + 160))
    assert verify_live(served, ROOT) == []


def test_a_killed_writer_loses_nothing_and_leaves_the_turn(served):
    """Killed at any moment: what it was told is there, the log is whole, and the next writer goes on at once."""
    Journal.open(served, META).close()
    acknowledged = set()
    for _ in range(2):
        process = writer(served, 100_000)
        told = [process.stdout.readline() for _ in range(5)]
        os.kill(process.pid, signal.SIGKILL)
        told += process.communicate()[0].splitlines(keepends=True)
        acknowledged |= {int(n) for line in told if line.endswith("\n") for n in line.split()}
    with Journal.open(served, META) as journal:
        (last,) = journal.append([entry()])
        there = {row["event_id"] for row in journal.select("SELECT event_id FROM event")}
    assert acknowledged <= there
    assert last == max(there)
    assert verify_live(served, ROOT) == []


def test_a_turn_is_waited_for_and_then_said(served):
    """While another has the turn one waits, and is told after a while; given back, it goes on."""
    with Journal.open(served, META) as first, Journal.open(served, META) as second:
        first.begin()
        second._shelf.connection.select("SELECT set_config('lock_timeout', '100', false)", {})
        with pytest.raises(BusyError, match="another process"):
            second.append([entry()])
        first.append([entry(1)])
        assert second.begin()
        assert second.append([entry(2)]) == [FIRST + 1]


def test_a_lost_connection_loses_nothing(served):
    """A server that drops the connection gives one clear error; the next turn connects again."""
    with Journal.open(served, META) as journal:
        journal.append([entry()])
        with psycopg.connect(served.address, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        time.sleep(0.1)
        with pytest.raises(StorageError):
            journal.append([entry(1)])
        assert journal.append([entry(1)]) == [FIRST + 1]
    assert verify_live(served, ROOT) == []
