"""The scan finds codes, numbers and keys wherever they are written, and says where but never what."""

import gzip
import sqlite3
import zipfile

import polars as pl
import pytest
from typer.testing import CliRunner

from simulator import export, privacy
from simulator.cli import app
from simulator.errors import DamagedError, MissingError
from simulator.pseudonym.keyring import Keyring


@pytest.fixture(scope="module")
def secrets(made):
    """What must be nowhere: the numbers and keys of the run."""
    return privacy.Secrets.of(made, Keyring.load(made.path.with_name("run.keys") / "keyring"))


@pytest.fixture(scope="module")
def code(made):
    """One resident code."""
    return made.table("resident")["resident_code"][3]


def _zip(path, text):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sheet.xml", f"<c>{text}</c>")


def _database(path, text):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.execute("INSERT INTO t VALUES (?)", (f"who: {text}",))


PLACES = {
    "log": lambda path, code: path.write_text(f"ERROR code={code} not found\n"),
    "full width": lambda path, code: path.write_text(
        "住民票コード" + code.translate({48 + i: 0xFF10 + i for i in range(10)})
    ),
    "bytes": lambda path, code: path.write_bytes(b"\xff\xfe" + code.encode() + b"\x00"),
    "text column": lambda path, code: pl.DataFrame({"note": ["a", f"see {code}"]}).write_parquet(path),
    "number column": lambda path, code: pl.DataFrame({"n": [5, int(code)]}).write_parquet(path),
    "list column": lambda path, code: pl.DataFrame({"l": [["a"], [code]]}).write_parquet(path),
    "struct column": lambda path, code: pl.DataFrame({"s": [{"x": code}]}).write_parquet(path),
    "binary column": lambda path, code: pl.DataFrame({"b": [b"\xff", code.encode()]}).write_parquet(path),
    "zip": _zip,
    "gzip": lambda path, code: path.write_bytes(gzip.compress(f"x {code} y".encode())),
    "database": _database,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_code_is_found(place, secrets, code, tmp_path):
    """A code in a log, in any form of table, in an archive, in full-width digits is found; its text is not shown."""
    path = tmp_path / "file"
    PLACES[place](path, code)
    found = privacy.scan([tmp_path], secrets)
    assert "resident code or My Number of the run" in {leak.kind for leak in found}
    assert code not in repr(found)
    path.unlink()
    PLACES[place](path, "12345")
    assert privacy.scan([tmp_path], secrets) == []


@pytest.mark.parametrize("spelling", range(5))
@pytest.mark.parametrize("place", ["text", "parquet"])
def test_a_planted_key_is_found(spelling, place, made, secrets, tmp_path):
    """A key as bytes, in digits, in base 64 or as Python writes it is found in a file and in a table."""
    key = Keyring.load(made.path.with_name("run.keys") / "keyring").versions[1].key
    written = key.spellings()[spelling]
    if place == "text":
        (tmp_path / "crash.txt").write_bytes(b"locals: key = " + written)
    else:
        pl.DataFrame({"b": [written]}).write_parquet(tmp_path / "t.parquet")
    (leak,) = privacy.scan([tmp_path], secrets)
    assert (leak.kind, leak.count) == ("key", 1)


def test_a_number_that_passes_its_check_is_found(secrets, tmp_path):
    """A number that could be somebody's is found even if it is nobody's of the run."""
    (tmp_path / "note.txt").write_text("個人番号 123456789018")  # Source: the published example of the check digit
    (leak,) = privacy.scan([tmp_path / "note.txt"], secrets)
    assert (leak.file, leak.kind) == ("note.txt", "number that passes its official check")
    (tmp_path / "note.txt").write_text("share 0.123456789018")
    assert privacy.scan([tmp_path], secrets) == []


def test_a_run_and_its_exports_are_clean(made, secrets, tmp_path):
    """Neither the log, the auditor's tables, the truth nor any export of a run holds a code or a key."""
    for form in export.names():
        export.export(made, form, tmp_path / form)
    assert privacy.scan([made.path, made.path.with_name("run.truth"), tmp_path], secrets) == []
    assert privacy.scan([made.path / "registry"], secrets)
    assert privacy.scan([made.path.with_name("run.keys")], secrets)


def test_what_cannot_be_read_is_said(secrets, tmp_path):
    """A missing file and a broken archive are errors, not silence."""
    with pytest.raises(MissingError):
        privacy.scan([tmp_path / "none"], secrets)
    for name, content in (("a.zip", b"PK\x03\x04broken"), ("b.gz", b"\x1f\x8bbroken")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DamagedError):
            privacy.scan([tmp_path / name], secrets)


def test_the_command_exits_4_when_it_finds_something(made, code, tmp_path):
    """Exit 4 and a table of places, without the code; exit 0 when there is nothing."""
    (tmp_path / "x.log").write_text(code)
    words = ["privacy", "scan", str(tmp_path), "--run", str(made.path)]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 4
    assert "x.log" in found.output
    assert code not in found.output
    (tmp_path / "x.log").write_text("clean")
    assert CliRunner().invoke(app, words).exit_code == 0


def test_secrets_are_not_shown(secrets, code):
    """Their repr shows neither codes nor keys."""
    assert code not in repr(secrets)
    assert len(repr(secrets)) < 200
