"""Commands killed -9 at random moments: nothing torn under a final name, and the same bytes when given again.

Ninety kills over all stages: twenty of exports, fifteen of seedings and five of a new drill here; forty of generation
and joining (tests/run/test_resume.py); ten of the served log (of fifty in tests/server/test_kill.py). Some always run.
"""

import re

import psycopg
import pytest
from killing import contents, killed, moments, survives, usual_s

from simulator import drill

SLOW = pytest.mark.slow
SERVER_KILLS = DRILL_KILLS = 5
DRILL = ("--scenario", "kochi", "--difficulty", 1, "--seed", 5, "--team", 2, "--teams", 1, "--residents", 1_500,
         "--days", 30)  # fmt: skip


def same_as(wanted):
    """Whether the paths hold what was made undisturbed, byte for byte."""

    def check(*paths):
        found = contents(*paths)
        assert found.keys() == wanted.keys()
        assert found == wanted
        assert {path.name for path in paths[0].parent.iterdir()} == {path.name for path in paths}

    return check


def endures(words, finals, tmp_path, kills, compare=same_as):
    """Make it once undisturbed, then with kills."""
    took = usual_s(words(tmp_path / "whole"))
    check = compare(contents(*finals(tmp_path / "whole")))

    def place(number):
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        return folder

    survives(lambda n: words(place(n)), lambda n: finals(place(n)), check, kills, lambda: took)


@pytest.mark.parametrize(
    ("form", "kills"),
    [("sqlite", 1), *(pytest.param(form, n, marks=SLOW) for form, n in (("sqlite", 8), ("excel", 6), ("ecs", 6)))],
)
def test_export_killed(mini, tmp_path, form, kills):
    """A database, a workbook and lines of JSON."""
    endures(
        lambda folder: ("export", mini.path, "--out", folder / "out", "--format", form),
        lambda folder: [folder / "out"], tmp_path, kills,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "kills"), [(None, 1), pytest.param(None, 5, marks=SLOW), pytest.param("fixed", 5, marks=SLOW)]
)
def test_seeding_killed(mini, tmp_path, form, kills):
    """A SQLite database, and files of fixed width."""
    more = ("--as", form) if form else ()
    endures(
        lambda folder: ("seed", mini.path, folder / "town", *more), lambda folder: [folder / "town"], tmp_path, kills
    )


def told(address):
    """Every row of a database, and its keys."""
    with psycopg.connect(address) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        rows = {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for (name,) in names}  # noqa: S608
        keys = connection.execute("SELECT conname, contype FROM pg_constraint ORDER BY 1").fetchall()
    return rows, keys


@SLOW
def test_seeding_of_a_server_killed(mini, postgres, tmp_path):
    """PostgreSQL: a seeding that died left nothing, so the same command succeeds; or it had ended."""
    addresses = {0: postgres.create()}
    took = usual_s(("seed", mini.path, addresses[0]))
    wanted = told(addresses[0])

    def words(number):
        addresses.setdefault(number, postgres.create())
        return "seed", mini.path, addresses[number]

    hit = 0
    for number, wait_s in enumerate(moments(3 * SERVER_KILLS, took), start=1):
        died = killed(words(number), wait_s)
        hit += died
        rows, _ = told(addresses[number])
        assert rows in ({}, wanted[0]), "half a seeding"
        if not rows:
            usual_s(words(number))
        assert told(addresses[number]) == wanted
        if hit == SERVER_KILLS:
            return
    pytest.fail("the moments missed")


def same_drill(wanted):
    """The same but for what hangs on keys that are drawn anew: pseudonyms, what is sealed, digests of these."""

    def check(*paths):
        found = contents(*paths)
        assert found.keys() == wanted.keys()
        drawn = re.compile(r"d\.key|d/(sealed|machine)/|d/evidence/(bridge\.csv|evidence\.sqlite)|d/drill\.json")
        differ = {name for name in found if found[name] != wanted[name]}
        assert {name for name in differ if not drawn.match(name)} == set()
        assert drill.unseal(drill.open_pack(paths[-1])).answers
        assert {path.name for path in paths[0].parent.iterdir()} == {path.name for path in paths}

    return check


@SLOW
def test_new_drill_killed(tmp_path):
    """Neither half a pack nor a key without its pack, and no run with its truth left behind."""
    endures(
        lambda folder: ("drill", "new", "--out", folder / "d", *DRILL),
        lambda folder: [folder / "d.key", folder / "d"], tmp_path, DRILL_KILLS, same_drill,
    )  # fmt: skip
