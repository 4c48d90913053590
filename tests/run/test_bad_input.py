"""Bad input gets one clear line and the right exit code; nothing is half-written, nothing lost."""

import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def jukisim(tmp_path):
    """Run the command in an empty folder."""

    def call(*words):
        command = [sys.executable, "-m", "simulator.cli", *map(str, words)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return call


def refused(found, code, *parts):
    """The command ended with `code` and one line on stderr that has all `parts`."""
    assert found.returncode == code, found.stderr
    assert "Traceback" not in found.stderr
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 1, found.stderr
    assert lines[0].startswith("jukisim: ")
    for part in parts:
        assert part in lines[0], lines[0]


def test_unknown_scenario_names_the_valid_ones(jukisim, tmp_path):
    """An unknown scenario is answered with the shipped ones and leaves nothing."""
    refused(jukisim("generate", "dmo", "--seed", 1, "--out", "a"), 2, "'dmo'", "Did you mean 'demo'", "mini")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", str(2**128)])
def test_seed_must_be_a_non_negative_integer(jukisim, seed, tmp_path):
    """A seed that is not a whole number from 0 below 2^128 is a usage error."""
    found = jukisim("generate", "mini", "--seed", seed, "--out", "a")
    assert found.returncode == 2
    assert "--seed" in found.stderr
    assert "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_seed_or_blind_and_not_both(jukisim):
    """A run needs one of --seed and --blind."""
    refused(jukisim("generate", "mini", "--out", "a"), 2, "--seed", "--blind")
    refused(jukisim("generate", "mini", "--seed", 1, "--blind", "--out", "a"), 2, "--seed", "--blind")


@pytest.mark.parametrize("residents", [1, 60])
def test_a_town_hall_needs_people_to_work_in_it(jukisim, tmp_path, residents):
    """Too few residents for the staff of the scenario are told both numbers, and nothing is left."""
    found = jukisim("generate", "mini", "--seed", 1, "--residents", residents, "--out", "a")
    refused(found, 2, "residents cannot staff a town hall of", "more residents")
    assert list(tmp_path.iterdir()) == []


def test_scenario_file_with_a_slip_names_the_key(jukisim, tmp_path):
    """A misspelt key in a scenario file is named with its siblings."""
    text = jukisim("scenarios", "show", "mini").stdout
    (tmp_path / "own.toml").write_text(text.replace("staff =", "staf ="), encoding="utf-8")
    refused(jukisim("generate", "own.toml", "--seed", 1, "--out", "a"), 2, "'staf'", "Did you mean 'staff'")


def test_existing_folder_is_refused(jukisim, tmp_path):
    """A folder that exists is left as it is."""
    (tmp_path / "a").mkdir()
    refused(jukisim("generate", "mini", "--seed", 1, "--out", "a"), 2, "already exists")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_folder_that_is_no_run(jukisim, tmp_path):
    """A folder without a manifest, or none at all, is named."""
    refused(jukisim("verify", tmp_path), 1, "is not a run")
    refused(jukisim("inspect", tmp_path / "none"), 1, "not a folder")


def test_missing_answer_key(jukisim, mini_folders, tmp_path):
    """Scoring without the truth says which folder is wanted."""
    shutil.copytree(mini_folders.run, tmp_path / "run")
    (tmp_path / "s.csv").write_text("event_id,score\n1,0\n", encoding="utf-8")
    refused(jukisim("score", "run", "--scores", "s.csv"), 1, "no answer key", ".truth")


def test_unknown_detector_and_format(jukisim, mini_folders, tmp_path):
    """An unknown detector or format is answered with the valid ones and leaves nothing."""
    run = mini_folders.run
    refused(jukisim("detect", run, "--with", "ruls", "--out", "s.csv"), 2, "has_reason", "rules")
    refused(jukisim("export", run, "--format", "xml", "--out", "x"), 2, "csv", "jsonl", "parquet")
    assert list(tmp_path.iterdir()) == []


def test_damaged_parquet_and_database(jukisim, mini_folders, tmp_path):
    """Damaged tables are one line for whoever reads them, and exit 4 with the place from verify."""
    run = shutil.copytree(mini_folders.run, tmp_path / "run")
    part = next((run / "audit" / "event").iterdir())
    part.write_bytes(part.read_bytes()[:200])
    refused(jukisim("detect", run, "--with", "rules", "--out", "s.csv"), 4, part.name)
    (run / "registry.db").write_bytes(b"SQLite")
    found = jukisim("verify", run)
    assert found.returncode == 4
    assert part.name in found.stdout
    assert "registry.db" in found.stdout
    assert not (tmp_path / "s.csv").exists()


def test_damaged_manifest(jukisim, mini_folders, tmp_path):
    """A manifest that was changed is exit 4, whoever reads it."""
    run = shutil.copytree(mini_folders.run, tmp_path / "run")
    text = (run / "manifest.json").read_text(encoding="utf-8")
    (run / "manifest.json").write_text(text.replace("mini", "maxi"), encoding="utf-8")
    refused(jukisim("inspect", run), 4, "manifest.sha256")
    assert jukisim("verify", run).returncode == 4
