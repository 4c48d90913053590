"""The certificate holds for what is made, fails for what is broken, and needs no more than sqlite3."""

import json
import shutil
import sqlite3
import subprocess
from datetime import date

import pytest
from typer.testing import CliRunner

from simulator import registry, storage
from simulator.certify import checks, examine, known_seed
from simulator.certify.checks import Term
from simulator.cli import app
from simulator.clock import Window
from simulator.population import PopulationSpec, build
from simulator.streams import Stream
from simulator.world.municipality import DEMO

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
TERM = Term(start_day=WINDOW.start, end_day=WINDOW.end, check_digits="invalid", profile="national")
DAMAGE = {
    "M01": "UPDATE resident SET birth_date = '1990-01-01'",
    "M02": "UPDATE household SET size = 6, kind = 'other'",
    "M03": "UPDATE resident SET family_name = '佐藤'",
    "M04": "UPDATE change SET reason = '出生'",
    "K01": "UPDATE resident SET relationship = '世帯主' WHERE relationship = '妻'",
    "K02": "UPDATE resident SET relationship = '縁故者' WHERE relationship = '世帯主'",
    "K03": "UPDATE household SET size = size + 1",
    "K04": "UPDATE resident SET relationship = '妻' WHERE relationship = '子'",
    "K05": "UPDATE resident SET sex = 'male' WHERE relationship = '妻'",
    "K06": "UPDATE resident SET birth_date = '1900-01-01' WHERE relationship = '子'",
    "K07": "UPDATE resident SET birth_date = '2020-01-01' WHERE relationship IN ('父', '母')",
    "K08": "UPDATE resident SET birth_date = '2015-01-01'",
    "K09": "UPDATE resident SET address_no = 99999999 WHERE resident_no = 7",
    "K10": "UPDATE resident SET resident_since = '1800-01-01' WHERE resident_no = 7",
    "K11": "UPDATE resident SET family_kana = 'やまだ' WHERE resident_no = 7",
    "K12": "UPDATE address SET address = '桜町1番1号'",
    "N01": "UPDATE resident SET resident_code = '12345678901'",
    "N02": "UPDATE resident SET my_number = '123456789012'",
    "N03": "UPDATE resident SET my_number = '123456789018' WHERE resident_no = 7",
    "N04": "UPDATE resident SET resident_code = '24727059608' WHERE resident_no = 7",
    "N05": "UPDATE resident SET my_number = 'S23456789012' WHERE resident_no = 7",
    "E01": "UPDATE change SET resident_no = (SELECT min(resident_no) FROM change)",
    "E02": "UPDATE change SET household_from = 99999999 WHERE household_from IS NOT NULL",
    "E03": "UPDATE change SET reason = '転居'",
    "E04": "UPDATE change SET reason = '死亡', resident_no = (SELECT min(resident_no) FROM change)",
    "E05": "UPDATE lookup SET left_on = '2025-06-01' WHERE resident_no < 50",
    "E06": "DELETE FROM change WHERE household_to IS NULL",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The register of a year of 4,000 people."""
    path = tmp_path_factory.mktemp("register") / "registry.db"
    registry.write_database(build(PopulationSpec(4_000), DEMO, WINDOW, Stream(3)), path)
    return path


def ask(path, *codes):
    connection = storage.connect(path)
    results = checks.run(connection, TERM, [check for check in checks.checks() if check.code in codes])
    connection.close()
    return results


def test_every_check_holds(database):
    """For a year of people every line is in order, and every check answers."""
    results = ask(database)
    assert [r.line for r in results if r.verdict != "ok"] == []
    assert [c.code for c in checks.checks()] == list(dict.fromkeys(r.code for r in results))


@pytest.mark.parametrize("code", [check.code for check in checks.checks()])
def test_every_check_can_fail(database, tmp_path, code):
    """A register that breaks the rule is found out by it."""
    copy = tmp_path / "broken.db"
    shutil.copy(database, copy)
    with sqlite3.connect(copy) as connection:
        assert connection.execute(DAMAGE[code]).rowcount > 0
    connection.close()
    assert any(r.broken for r in ask(copy, code))


def test_other_profiles_have_no_reference(database):
    """Margins of a population that is no copy of the nation are not held against the nation's."""
    connection = storage.connect(database)
    results = checks.run(connection, Term(**{**_fields(TERM), "profile": "student_city"}))
    connection.close()
    assert {r.verdict for r in results if r.code in ("M01", "M02", "M04")} == {"no reference"}


def _fields(term):
    return {name: getattr(term, name) for name in ("start_day", "end_day", "check_digits", "profile")}


def invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_outsider_needs_sqlite_alone(mini, mini_folders, tmp_path):
    """The program sqlite3 gives the expected answers, to the byte, and the certificate says what it is of."""
    made = invoke("certify", mini.path, "--out", tmp_path / "certificate")
    assert made.exit_code == 0, made.stderr
    folder = tmp_path / "certificate"
    script = (folder / "certificate.sql").read_bytes()
    answer = subprocess.run(["sqlite3", mini.path / "registry.db"], input=script, capture_output=True, check=True)
    assert answer.stdout == (folder / "expected" / "registry.txt").read_bytes()
    assert answer.stderr == b""
    told = json.loads((folder / "certificate.json").read_text())
    assert told["run"] == mini.root
    assert told["holds"]
    assert [remade["differing"] for remade in told["remade"]] == [[], []]
    assert mini.root in (folder / "README.md").read_text()


def test_run_is_held_against_a_certificate(mini, tmp_path):
    """The same run agrees; a changed one is told line by line; another run is refused."""
    folder = tmp_path / "certificate"
    assert invoke("certify", mini.path, "--out", folder).exit_code == 0
    assert invoke("certify", mini.path, "--against", folder).exit_code == 0
    expected = folder / "expected" / "registry.txt"
    expected.write_text(expected.read_text().replace("K01|violations|0|ok", "K01|violations|3|BROKEN"))
    found = invoke("certify", mini.path, "--against", folder)
    assert found.exit_code == 4
    assert "K01|violations|0|ok" in found.stderr
    other = json.loads((folder / "certificate.json").read_text()) | {"run": "0" * 64}
    (folder / "certificate.json").write_text(json.dumps(other))
    assert "certifies the run" in str(invoke("certify", mini.path, "--against", folder).exception)


def test_wrong_seed_makes_other_people(mini):
    """The seed of the run makes its people again, another one does not."""
    assert known_seed(mini) == 3
    assert all(remade.differing for remade in examine(mini, seed=4).remade)


@pytest.mark.parametrize("words", [(), ("--out", "a", "--against", "b"), ("--against", "nowhere")])
def test_what_cannot_be_is_said(mini, words):
    """Neither or both of making and checking, and a certificate that is not there, are refused."""
    found = invoke("certify", mini.path, *words)
    assert found.exit_code != 0
    assert str(found.exception)
