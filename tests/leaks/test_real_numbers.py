"""No number that could be somebody's leaves in the default mode; in valid mode every one passes, and it is said."""

import json
import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from number_scan import real_numbers, scan
from stdnum.jp import in_

from simulator import export, scenario
from simulator.dataset import Dataset
from simulator.errors import UsageError
from simulator.generation import Order, Overrides, generate, order
from simulator.pseudonym import PseudonymKey
from simulator.world.check_digits import resident_code_check


def test_scanner_finds_what_it_must():
    """The scan itself sees a real number in any kind of text."""
    text = '{"番号":"１２３４５６７８９０１８","code":24727059608} 123456789017 x123456789018 1234567890180'
    assert real_numbers(text) == {"123456789018", "24727059608"}


def test_no_file_of_a_run_holds_a_real_number(mini_folders):
    """Tables, database, log, auditor's tables, manifest and answer key: none."""
    for folder in (mini_folders.run, mini_folders.truth):
        assert scan(folder) == set()


@pytest.mark.parametrize("form", export.names())
def test_no_export_holds_a_real_number(mini, form, tmp_path):
    """Whatever the format."""
    export.export(mini, form, tmp_path / "out")
    assert scan(tmp_path / "out") == set()


def test_every_number_passes_in_valid_mode(tmp_path):
    """Asked for and understood, every number passes, and the manifest says what that means."""
    asked = Overrides(residents=400, days=3, check_digits="valid", collisions_understood=True)
    wish = order("mini", seed=5, instead=asked)
    made = generate(replace(wish, scenario=replace(wish.scenario, misuse={})), tmp_path / "run")
    people = made.table("resident")
    assert people["my_number"].map_elements(in_.is_valid, return_dtype=pl.Boolean).all()
    right = people["resident_code"].map_elements(lambda c: int(c[10]) == resident_code_check(c[:10]), pl.Boolean)
    assert right.all()
    told = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert told["check_digits"] == "valid"
    assert any("1.25 %" in note for note in told["notes"])
    assert 'check_digits = "valid"' in (tmp_path / "run" / "scenario.toml").read_text()


def test_valid_numbers_need_a_word(tmp_path):
    """Neither the command line, nor a scenario, nor the library makes them unasked."""
    with pytest.raises(UsageError, match="i-understand-collisions"):
        order("mini", seed=5, instead=Overrides(check_digits="valid"))
    text = (scenario._FOLDER / "mini.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("residents = 1500", 'residents = 1500\ncheck_digits = "valid"'), encoding="utf-8")
    with pytest.raises(UsageError, match="closed use"):
        generate(Order(scenario=scenario.load(str(mine)), seed=5, key=PseudonymKey.insecure()), tmp_path / "run")
    command = [sys.executable, "-m", "simulator.cli", "generate", str(mine), "--seed", "5", "--out", "run"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert len(found.stderr.splitlines()) == 1
    assert not (tmp_path / "run").exists()


def test_manifest_says_wrong_on_purpose(mini):
    """The default is written down too."""
    assert mini.manifest.check_digits == "invalid"
    assert isinstance(mini, Dataset)
