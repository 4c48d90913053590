"""Files for other systems: they load where they are meant for, and nothing is lost or changed unsaid."""

import dataclasses
import shutil
import sqlite3
import subprocess
from pathlib import Path

import polars as pl
import psycopg
import pytest

from simulator import seed
from simulator.dataset import populations
from simulator.errors import CheckError, ExistsError, SpecError, UnknownNameError, UsageError
from simulator.seed.characters import SETS, convert, replacement
from simulator.seed.seeding import TEXTS

MAP = Path(__file__).with_name("my-layout.toml")
STRANGE = {"family_name": "𠮷邉﨑", "given_name": "髙〜é\U00030000葛\U000e0100"}


@pytest.fixture(scope="module")
def strange(mini):
    """The run, with a resident whose name few systems hold."""
    (people,) = populations(mini)
    first = [pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(v)).otherwise(n).alias(n) for n, v in STRANGE.items()]
    return dataclasses.replace(people, residents=people.residents.with_columns(first))


@pytest.fixture
def put(mini, strange, tmp_path, monkeypatch):
    """Seed the run with the strange name as `order` says; the folder and what was said."""
    monkeypatch.setattr("simulator.seed.seeding.populations", lambda *_: iter([strange]))

    def seeded(**order):
        (told,) = seed.seed(mini, seed.Order(target=str(tmp_path / "town"), **order))
        return tmp_path / "town", told

    return seeded


def names(mini):
    return [t.name for t in seed.seeding.registry.tables() if not t.name.endswith("_gram")]


def count(mini, strange, name):
    frames = dict(zip(TEXTS.values(), (getattr(strange, each) for each in TEXTS), strict=True))
    return frames[name].height


def test_csv_reads_back(mini, strange, put):
    """UTF-8 with BOM: every table, every row, nulls as empty fields, the strange name whole."""
    folder, told = put(form="csv")
    assert (folder / "resident.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    found = pl.read_csv(folder / "resident.csv", infer_schema=False)
    assert found.height == strange.residents.height
    assert found.row(0, named=True)["family_name"] == STRANGE["family_name"]
    assert found["resident_code"].to_list() == strange.residents["resident_code"].to_list()
    assert found["former_name"].null_count() == strange.residents["former_name"].null_count()
    assert {path.stem for path in folder.glob("*.csv")} == {*names(mini), "widths", "characters"}
    assert told.replaced == ()


def test_cp932_reads_back_through_another_decoder_with_the_reported_replacements_only(strange, put):
    """What iconv reads is what was written, but for the characters that the report names."""
    folder, told = put(form="csv", encoding="cp932")
    text = subprocess.run(
        ["iconv", "-f", "CP932", "-t", "UTF-8", folder / "resident.csv"], capture_output=True, check=True
    ).stdout
    found = pl.read_csv(text, infer_schema=False)
    reported = {(r.column, r.character): r.instead for r in told.replaced}
    for column in ("family_name", "given_name", "family_kana", "note", "registry_town"):
        expected = [
            None if v is None else "".join(reported.get((f"resident.{column}", c), c) for c in v)
            for v in strange.residents[column].to_list()
        ]
        assert found[column].to_list() == expected
    assert reported["resident.family_name", "𠮷"] == "吉"
    assert reported["resident.given_name", "\U00030000"] == "〓"
    assert reported["resident.given_name", "\U000e0100"] == ""
    assert ("resident.family_name", "﨑") not in reported
    written = pl.read_csv(folder / "characters.csv")
    assert written.height == len(told.replaced)
    assert "Characters that do not fit" in told.words()


@pytest.mark.parametrize("name", SETS)
def test_each_set_holds_its_own_characters(name):
    """Whatever a set leaves standing or puts in place is in the set; common text stays as it is."""
    holds, chooses = SETS[name]
    for character in "亜あア一Ａa1、。〓髙﨑𠮷邉㐂é〜−\U00030000😀":
        assert all(map(holds, replacement(character, name, selectors=True)))
    frame = pl.DataFrame({"x": ["佐藤　さくら", "１２番地３"], "y": [1, 2]})
    same, told = convert(frame, "t", name, selectors=True)
    assert same.equals(frame)
    assert told == []
    kept, _ = convert(pl.DataFrame({"x": ["葛\U000e0100"]}), "t", name, selectors=True)
    assert (kept["x"][0] == "葛\U000e0100") is chooses
    dropped, _ = convert(pl.DataFrame({"x": ["葛\U000e0100"]}), "t", name, selectors=False)
    assert dropped["x"][0] == "葛"


def test_sets_are_larger_from_cp932_on():
    """What a smaller set holds, the larger ones hold; the largest holds more."""
    sample = [chr(c) for c in (*range(0x3041, 0x30FF), *range(0x4E00, 0x9FA6, 37), *range(0x20000, 0x2A6D0, 997))]
    held = {name: {c for c in sample if holds(c)} for name, (holds, _) in SETS.items()}
    assert held["x0213"] <= held["mj"] <= held["mj-plus"]
    assert len(held["cp932"]) < len(held["mj"])
    assert SETS["mj-plus"][0]("\U00030000")
    assert not SETS["mj"][0]("\U00030000")


def test_fixed_width_records_are_as_the_layout_says(strange, put):
    """Every record has the same bytes; the layout tells where each column stands; padding is the map's."""
    folder, _ = put(form="fixed", fields=str(MAP))
    records = (folder / "JUMIN.dat").read_bytes().split(b"\r\n")
    assert records.pop() == b""
    layout = pl.read_csv(folder / "layout.csv")
    assert {len(record) for record in records} == {layout["width"].sum()}
    assert len(records) == strange.residents.height
    place = {row["column"]: (row["start"] - 1, row["start"] - 1 + row["width"]) for row in layout.to_dicts()}
    person = strange.residents.row(1, named=True)
    cut = {name: records[1][low:high].decode("cp932") for name, (low, high) in place.items()}
    assert cut["ATENA_NO"] == "0000000001"
    assert cut["SHIMEI"].rstrip("　") == f"{person['family_name']}　{person['given_name']}"
    assert cut["SEINEN_YMD"] == f"{person['birth_date']:%Y%m%d}"
    assert cut["SEIBETSU"] == {"male": "1", "female": "2"}[person["sex"]]
    assert cut["KOSHIN_YMD"] == "20250401"


def test_what_is_too_wide_is_refused_before_anything_is_written(put, tmp_path):
    """A value that does not fit its column is named with what it needs; no folder is made."""
    tight = tmp_path / "tight.toml"
    tight.write_text(MAP.read_text(encoding="utf-8").replace("width = 80", "width = 8"), encoding="utf-8")
    for order in ({"form": "csv"}, {"form": "fixed"}, {"form": "mariadb"}, {}):
        with pytest.raises(CheckError, match=r"JUMIN\.SHIMEI holds 8 bytes, but .* values need up to"):
            put(fields=str(tight), **order)
        assert not (tmp_path / "town").exists()


def test_widths_are_told_in_every_unit(put):
    """Code points, UTF-16 units and bytes of the widest value of each column."""
    folder, _ = put(form="csv", encoding="utf-8")
    found = pl.read_csv(folder / "widths.csv").filter(column="given_name", table="resident").row(0, named=True)
    given = STRANGE["given_name"]
    assert found["utf16_units"] >= len(given.encode("utf-16-le")) // 2
    assert found["bytes"] >= len(given.encode())
    assert found["code_points"] >= len(given)


WRONG = {
    'source = ["sex"]': ('source = ["sx"]', UnknownNameError, "sex"),
    'female = "2"': ('femal = "2"', SpecError, "no word for female"),
    'source = ["head_family_name"]': ('sourse = ["x"]', UnknownNameError, "source"),
    'format = "%Y%m%d"': ('format = "%Y%m%d"\nvalue = "x"', SpecError, "either source"),
    'value = "20250401"': ('source = ["sex"]\nformat = "%Y"', SpecError, "format is of days"),
    'key = ["ATENA_NO"]': ('key = ["SEIBETSU"]', SpecError, "is not unique"),
    'source = "resident"': ('source = "person"', UnknownNameError, "resident"),
    'unit = "bytes"': ('unit = "byte"', SpecError, "chars, utf16, bytes"),
}


@pytest.mark.parametrize("old", WRONG)
def test_a_map_that_does_not_hold_is_explained(put, tmp_path, old):
    """Every mistake in a field map is answered with what and where, before anything is written."""
    new, error, words = WRONG[old]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(MAP.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(error, match=words):
        put(fields=str(wrong), form="csv")
    assert not (tmp_path / "town").exists()


ASTRAY = [
    {"form": "excel"}, {"form": "csv", "encoding": "latin1"}, {"encoding": "cp932"}, {"form": "csv", "fields": "x"},
    {"form": "csv", "characters": "ascii"}, {"form": "csv", "encoding": "cp932", "characters": "mj"},
    {"form": "mariadb", "encoding": "cp932"},
]  # fmt: skip


@pytest.mark.parametrize("order", ASTRAY)
def test_what_does_not_go_together_is_said(put, order):
    """An order that cannot be is refused as usage, with the valid words."""
    with pytest.raises(UsageError):
        put(**order)


def test_folders_are_not_overwritten(put, tmp_path):
    """A folder that is there is kept; one of ours goes with replace, one of anybody else's never."""
    folder, _ = put(form="csv")
    with pytest.raises(ExistsError):
        put(form="csv")
    put(form="sqlite", replace=True)
    assert {path.name for path in folder.iterdir()} == {"sqlite.sql", "widths.csv", "characters.csv"}
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "mine").write_text("x")
    with pytest.raises(ExistsError):
        put(form="csv", replace=True)
    assert (folder / "mine").read_text() == "x"


def test_sqlite_dump_loads(mini, strange, put):
    """Every row arrives in SQLite, every foreign key points to a row."""
    folder, _ = put(form="sqlite")
    connection = sqlite3.connect(":memory:")
    connection.executescript((folder / "sqlite.sql").read_text(encoding="utf-8"))
    check_loaded(mini, strange, lambda sql: connection.execute(sql).fetchall(), '"')
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_postgresql_dump_loads(mini, strange, put, postgres):
    """Every row arrives in PostgreSQL, and it accepts every foreign key."""
    folder, _ = put(form="postgresql")
    with psycopg.connect(postgres.create(), autocommit=True) as connection:
        connection.execute((folder / "postgresql.sql").read_text(encoding="utf-8"))
        check_loaded(mini, strange, lambda sql: connection.execute(sql).fetchall(), '"')


def check_loaded(mini, strange, ask, quote):
    for name in TEXTS.values():
        sql = f"SELECT count(*) FROM {quote}{name}{quote}"  # noqa: S608 - a constant
        assert ask(sql) == [(count(mini, strange, name),)]
    sql = f"SELECT family_name, given_name FROM {quote}resident{quote} WHERE resident_no = 0"  # noqa: S608 - ours
    assert ask(sql) == [tuple(STRANGE.values())]
    holes = strange.residents["former_name"].null_count()
    sql = f"SELECT count(*) FROM {quote}resident{quote} WHERE former_name IS NULL"  # noqa: S608 - ours
    assert ask(sql) == [(holes,)]


def test_a_map_fills_a_database_too(put, tmp_path):
    """The field map's tables, in SQLite as in files."""
    put(fields=str(MAP))
    connection = sqlite3.connect(tmp_path / "town")
    rows = connection.execute("SELECT ATENA_NO, SEIBETSU, KOSHIN_YMD FROM JUMIN ORDER BY ATENA_NO LIMIT 1").fetchall()
    assert rows[0][0] == 0
    assert rows[0][2] == "20250401"
    connection.close()


def test_oracle_files_are_complete(put):
    """Schema in characters, a control file per table, keys last; labelled as not run on Oracle."""
    folder, _ = put(form="oracle")
    schema = (folder / "schema.sql").read_text(encoding="utf-8")
    assert schema.startswith("-- Not run on Oracle.")
    assert '"SIZE" NUMBER(5) NOT NULL' in schema
    assert " CHAR)" in schema
    control = (folder / "RESIDENT.ctl").read_text(encoding="utf-8")
    assert "\"BIRTH_DATE\" DATE 'YYYY-MM-DD'" in control
    heading = (folder / "RESIDENT.csv").read_text(encoding="utf-8").splitlines()[0]
    assert [line.split('"')[1] for line in control.splitlines() if line.startswith('  "')] == heading.split(",")
    assert "FOREIGN KEY" in (folder / "keys.sql").read_text(encoding="utf-8")


def test_shipped_maps_fit_the_register(put):
    """Every map that comes with us lays the register out, and marks what is assumed."""
    for name in seed.fields.shipped():
        folder, _ = put(form="csv", fields=name, replace=True)
        assert len(list(folder.glob("*.csv"))) > 2
        statuses = {item.status for table in seed.fields.load(name).table for item in table.item}
        assert statuses == {"sure", "assumed"}


@pytest.mark.slow
def test_mariadb_dump_loads(mini, strange, put, tmp_path):
    """Every row arrives in a real MariaDB, and it accepts every foreign key. Needs Debian's mariadb-server."""
    server = shutil.which("mariadbd")
    if server is None:
        pytest.skip("mariadbd is not installed: apt-get install mariadb-server")
    folder, _ = put(form="mariadb")
    home = tmp_path / "maria"
    home.mkdir()
    quiet = ["--no-defaults", f"--datadir={home}/data", "--user=root"]
    subprocess.run(["mariadb-install-db", *quiet, "--skip-test-db"], check=True, capture_output=True)
    loading = "CREATE DATABASE town; USE town;\n" + (folder / "mariadb.sql").read_text(encoding="utf-8")
    loading += (
        "SELECT 'loaded', (SELECT count(*) FROM resident), (SELECT count(*) FROM `change`), "
        "(SELECT hex(family_name) FROM resident WHERE resident_no = 0), "
        "(SELECT count(*) FROM information_schema.referential_constraints WHERE constraint_schema = 'town');\n"
    )
    running = subprocess.Popen([server, *quiet, f"--socket={home}/s", "--skip-networking", f"--pid-file={home}/pid"])
    try:
        client = ["mariadb", "--no-defaults", f"--socket={home}/s", "--user=root", "--batch", "--skip-column-names",
                  "--wait", "--connect-timeout=60", "--default-character-set=utf8mb4"]  # fmt: skip
        for _ in range(60):
            if (home / "s").exists():
                break
            subprocess.run(["sleep", "0.5"], check=True)
        told = subprocess.run(client, input=loading, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        line = told.stdout.split()
        assert line[:3] == ["loaded", str(strange.residents.height), str(strange.changes.height)]
        assert bytes.fromhex(line[3]).decode() == STRANGE["family_name"]
        assert int(line[4]) >= 20
    finally:
        running.terminate()
        running.wait(timeout=60)
