"""Runs of other versions are opened, or refused with what to do."""

import hashlib
import json
import shutil

import pytest

from simulator.dataset import FORMAT, Dataset
from simulator.errors import DamagedError, SimulatorError


@pytest.fixture
def changed(mini, tmp_path):
    """The run with other values in its manifest, sealed as its maker would have sealed it."""

    def change(**values):
        shutil.copytree(mini.path, tmp_path / "run")
        path = tmp_path / "run/manifest.json"
        told = json.loads(path.read_bytes()) | values
        content = json.dumps({name: value for name, value in told.items() if value is not ...}).encode()
        path.write_bytes(content)
        path.with_name("manifest.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}\n")
        return tmp_path / "run"

    return change


def test_every_manifest_names_its_layout(mini):
    """The version of the layout and of the program that made it."""
    assert mini.manifest.format == FORMAT
    assert mini.manifest.version


def test_run_of_another_version_of_the_same_layout_opens(changed):
    """The layout decides, not the version of the program; a missing note is no fault."""
    run = Dataset.open(changed(version="0.0.9", notes=...))
    assert run.manifest.version == "0.0.9"
    assert run.table("event").height


def test_newer_layout_says_update(changed):
    """A run from the future names its maker and the way to read it."""
    with pytest.raises(SimulatorError, match=r"made by jukisim 9\.1\.0 in layout 7; .*pip install -U jukisim"):
        Dataset.open(changed(version="9.1.0", format=7))


def test_older_layout_says_make_again(changed, monkeypatch):
    """A run of a layout that is read no more says how to make it again."""
    monkeypatch.setattr("simulator.dataset.manifest.FORMAT", 2)
    with pytest.raises(SimulatorError, match=r"in layout 1, .* no longer reads: .*jukisim generate mini --seed"):
        Dataset.open(changed())


@pytest.mark.parametrize("value", [None, "1", 0, True, ...])
def test_no_layout_is_damage(changed, value):
    """What names no layout is no manifest."""
    with pytest.raises(DamagedError, match="names no layout"):
        Dataset.open(changed(format=value))
