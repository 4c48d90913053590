"""Every example in a docstring runs, in a folder where a reader would have made the run ``town``."""

import doctest
import importlib
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOLD = sorted(p for p in (ROOT / "simulator").rglob("*.py") if ">>> " in p.read_text(encoding="utf-8"))


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.fixture(scope="module")
def folder(mini_folders, tmp_path_factory):
    made = tmp_path_factory.mktemp("examples")
    shutil.copytree(mini_folders.run, made / "town")
    shutil.copytree(mini_folders.truth, made / "town.truth")
    shutil.copytree(mini_folders.keys, made / "town.keys")
    return made


@pytest.mark.parametrize("path", TOLD, ids=module_of)
def test_examples_of_a_module_run(path, folder, monkeypatch):
    """Each example gives what it says; none is skipped."""
    monkeypatch.chdir(folder)
    assert "+SKIP" not in path.read_text(encoding="utf-8")
    found = doctest.testmod(importlib.import_module(module_of(path)), optionflags=doctest.ELLIPSIS)
    assert found.attempted
    assert not found.failed
