"""Test databases: filled whole or not at all, with keys that resolve, and nothing of anybody's overwritten."""

import sqlite3
import subprocess
import sys

import psycopg
import pytest

from simulator import seed
from simulator.errors import ExistsError, StorageError, UnknownNameError
from simulator.registry import Asked, Database

COUNTS = ("resident", "household", "address", "change", "protection", "lookup")


@pytest.fixture
def sqlite_target(tmp_path):
    return str(tmp_path / "town.db")


@pytest.fixture
def postgres_target(postgres):
    return postgres.create()


@pytest.fixture(params=["sqlite_target", "postgres_target"])
def target(request):
    return request.getfixturevalue(request.param)


def rows(target, sql):
    if target.startswith("postgresql:"):
        with psycopg.connect(target) as connection:
            return connection.execute(sql).fetchall()
    connection = sqlite3.connect(f"file:{target}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def put(mini, target, **extra):
    return seed.seed(mini, seed.Order(target=target, **extra))


def test_every_row_arrives_and_every_key_resolves(mini, target):
    """All rows of the register are there; every foreign key points to a row; codes have Japanese titles."""
    (seeded,) = put(mini, target)
    for name in COUNTS[:5]:
        assert rows(target, f"SELECT count(*) FROM {name}") == [(mini.table(name).height,)]  # noqa: S608 - a constant
        assert seeded.rows[name] == mini.table(name).height
    if target.startswith("postgresql:"):
        assert rows(target, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated") == [(0,)]
        assert rows(target, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'")[0][0] >= 20
    else:
        assert rows(target, "PRAGMA foreign_key_check") == []
    sql = "SELECT c.title FROM resident r JOIN code_sex c ON c.code = r.sex WHERE r.resident_no = 0"
    assert rows(target, sql)[0][0] in ("男", "女")
    with pytest.raises((psycopg.errors.ForeignKeyViolation, sqlite3.IntegrityError)):
        change(target, "UPDATE resident SET household_no = 99999999 WHERE resident_no = 0")


def change(target, sql):
    if target.startswith("postgresql:"):
        with psycopg.connect(target) as connection:
            connection.execute(sql)
        return
    connection = sqlite3.connect(target)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(sql)
        connection.commit()
    finally:
        connection.close()


def test_it_says_how_many_numbers_are_wrong_on_purpose(mini, target):
    """The closing words count the wrong check digits and say what to do where a system refuses them."""
    (seeded,) = put(mini, target)
    people = mini.table("resident").height
    assert seeded.wrong == {"resident_code": people, "my_number": people}
    assert f"{people:,} in my_number" in seeded.words()
    assert "--check-digits valid --i-understand-collisions" in seeded.words()


def test_nothing_is_overwritten_unasked(mini, target):
    """A second seeding is refused; with replace it is made anew, with the same rows."""
    put(mini, target)
    change(target, "DELETE FROM protection")
    with pytest.raises(ExistsError):
        put(mini, target)
    assert rows(target, "SELECT count(*) FROM protection") == [(0,)]
    put(mini, target, replace=True)
    assert rows(target, "SELECT count(*) FROM protection") == [(mini.table("protection").height,)]


def test_what_is_not_ours_is_never_replaced(mini, tmp_path, postgres):
    """A table or file of the user's own is left alone, even with replace, and named."""
    address = postgres.create()
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE address AS SELECT 1 AS mine")
    with pytest.raises(ExistsError, match="address"):
        put(mini, address, replace=True)
    assert rows(address, "SELECT mine FROM address") == [(1,)]
    path = tmp_path / "mine.db"
    sqlite3.connect(path).execute("CREATE TABLE mine (x)").connection.close()
    before = path.read_bytes()
    with pytest.raises(ExistsError, match="not a database of ours"):
        put(mini, str(path), replace=True)
    assert path.read_bytes() == before


def test_stopped_at_any_step_nothing_has_changed(mini, target):
    """Interrupted at the start of a step, the earlier seeding is there, whole; nothing of the new one is."""
    put(mini, target)
    change(target, "DELETE FROM protection")
    order = seed.Order(target=target, replace=True)
    count = seed.stages(mini, order)
    for last in (*range(0, count - 1, 7), count - 1):
        steps = []

        def step(name, last=last, steps=steps):
            steps.append(name)
            if len(steps) > last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            seed.seed(mini, order, step)
        assert rows(target, "SELECT count(*) FROM protection") == [(0,)], steps
    assert len(steps) == count


def test_each_municipality_has_its_own_place(mini, tmp_path, postgres):
    """A named schema, a named municipality; an unknown one is answered with those of the run."""
    address = postgres.create()
    put(mini, address, schema="tests", municipality=mini.manifest.logs[0].municipality)
    assert rows(address, "SELECT count(*) FROM tests.resident") == [(mini.table("resident").height,)]
    opened = Database.open(address, schema="tests")
    found = opened.find(Asked(name="kana", match="prefix", texts=("",), day=mini.table("change")["notified_on"][0]))
    assert found.count > 1_000
    opened.connection.close()
    with pytest.raises(UnknownNameError, match=mini.manifest.logs[0].municipality):
        put(mini, str(tmp_path / "x.db"), municipality="999999")
    order = seed.Order(target=str(tmp_path / "town.db"))
    assert order.path_of("482013", several=True).name == "town-482013.db"
    assert order.schema_of("482013", several=True) == "m482013"


def test_a_database_that_does_not_answer_is_said_without_its_password(mini, tmp_path):
    """No server, one clear line, and no password in it."""
    with pytest.raises(StorageError) as told:
        put(mini, f"postgresql://tester:geheim@/town?host={tmp_path}")
    assert "geheim" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_role_without_rights_is_told_so(mini, postgres):
    """Who may not make tables is told so in one line, and nothing is made."""
    address = postgres.create()
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(StorageError, match="permission denied"):
        put(mini, address.replace("postgres@", "guest@"))
    assert rows(address, "SELECT count(*) FROM pg_class WHERE relname = 'resident'") == [(0,)]


def test_a_locked_database_is_told_so(mini, postgres):
    """A table that somebody else holds is waited for, then said; the seeding there is as it was."""
    address = postgres.create()
    put(mini, address)
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE resident")
        with pytest.raises(StorageError, match="lock timeout"):
            put(mini, address, replace=True)
    assert rows(address, "SELECT count(*) FROM resident") == [(mini.table("resident").height,)]


def test_a_database_that_is_not_utf8_is_refused(mini, postgres):
    """Japanese names do not fit a database of another encoding; the message says what would be right."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(StorageError, match="UTF8"):
        put(mini, postgres.url("latin"))


def test_command_line(mini_folders, tmp_path):
    """The command tells on stderr what it made; where something is, it says so with exit code 2."""
    command = [sys.executable, "-m", "simulator.cli", "seed", str(mini_folders.run), str(tmp_path / "town.db")]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (made.returncode, made.stdout) == (0, "")
    assert "rows in" in made.stderr
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "already exists; --replace" in again.stderr
