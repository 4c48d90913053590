"""Tables of people without a run: whole, the same however made, and honest about their numbers."""

import json
import sqlite3
from dataclasses import replace

import polars as pl
import pytest
from number_scan import scan
from stdnum.jp import in_
from typer.testing import CliRunner

from simulator import populate
from simulator.cli import app
from simulator.errors import ExistsError, UnknownNameError, UsageError
from simulator.pseudonym import Pseudonymizer, PseudonymKey, Realm

WISH = populate.wish("demo", "482013", seed=9, residents=25_000)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "people"
    rows = populate.populate(WISH, out)
    return out, rows


def digests(out):
    told = json.loads((out / "manifest.json").read_text())
    return {f["path"]: f["sha256"] for f in told["files"]}


def test_workers_change_no_byte(tables, tmp_path):
    """Three workers write the files that one writes."""
    populate.populate(replace(WISH, jobs=3), tmp_path / "three")
    assert digests(tmp_path / "three") == digests(tables[0])


def test_growing_leaves_people_as_they_were(tables, tmp_path):
    """With more residents, those of the full blocks are the same, their numbers too."""
    more = replace(WISH, nation=replace(WISH.nation, spec=replace(WISH.nation.spec, residents=40_000)))
    populate.populate(more, tmp_path / "more")
    first = pl.col("resident_no") < 65_536
    small, large = (pl.read_parquet(out / "resident").filter(first) for out in (tables[0], tmp_path / "more"))
    assert small.equals(large)
    assert large.height > 17_000


def test_people_are_those_of_the_nation(tables):
    """Whoever is in the tables is whom the nation shows alone."""
    resident = pl.read_parquet(tables[0] / "resident").row(123, named=True)
    (shown,) = WISH.nation.holder(resident["resident_code"]).parts["resident"]
    assert shown["my_number"] == resident["my_number"]
    token = pl.read_parquet(tables[0] / "token").filter(resident_no=resident["resident_no"])
    pseudonymizer = Pseudonymizer(PseudonymKey.insecure(), Realm("jp.sim/482013/register"))
    assert token["resident"][0] == pseudonymizer.one("resident", resident["resident_code"])


def test_database_holds_the_same(tables, tmp_path):
    """SQLite has the rows of the Parquet files, with keys and indexes."""
    rows = populate.populate(replace(WISH, form="sqlite", jobs=2), tmp_path / "db")
    assert rows == tables[1]
    with sqlite3.connect(tmp_path / "db" / "registry.db") as connection:
        for table in ("resident", "household", "address", "change"):
            cursor = connection.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - names of this list
            names = [column[0] for column in cursor.description]
            kept = pl.read_parquet(tables[0] / table).select(names).sort(names[0])
            found = pl.DataFrame(cursor.fetchall(), schema=names, orient="row", infer_schema_length=None)
            assert found.select(pl.all().cast(pl.String)).equals(_texts(kept))
        plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM resident WHERE name_key = 'x'").fetchall()
        assert "INDEX" in plan[0][3]
    connection.close()


def _texts(frame):
    numbers = pl.selectors.boolean().cast(pl.UInt8)
    return frame.with_columns(numbers).select(pl.all().cast(pl.String))


def test_numbers_are_nobodys(tables):
    """No file holds a number that could be somebody's, and the manifest says so."""
    assert scan(tables[0]) == set()
    assert json.loads((tables[0] / "manifest.json").read_text())["check_digits"] == "invalid"


def test_valid_numbers_need_a_word(tmp_path):
    """Valid check digits are made for those who say they understand, and told in the manifest."""
    with pytest.raises(UsageError, match="collisions"):
        populate.wish("demo", "482013", seed=9, residents=100, digits=("valid", False))
    wish = populate.wish("demo", "482013", seed=9, residents=100, digits=("valid", True))
    populate.populate(wish, tmp_path / "valid")
    assert all(map(in_.is_valid, pl.read_parquet(tmp_path / "valid" / "resident")["my_number"]))
    assert json.loads((tmp_path / "valid" / "manifest.json").read_text())["check_digits"] == "valid"


def test_command_makes_tables_and_refuses_what_cannot_be(tmp_path):
    """The command writes the folder once; a second time, or another form, is refused."""
    words = ["population", "make", "--residents", "500", "--out", str(tmp_path / "x")]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert (tmp_path / "x" / "manifest.json").is_file()
    assert isinstance(CliRunner().invoke(app, words).exception, ExistsError)
    other = CliRunner().invoke(app, [*words[:-1], str(tmp_path / "y"), "--to", "excel"])
    assert isinstance(other.exception, UnknownNameError)
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
