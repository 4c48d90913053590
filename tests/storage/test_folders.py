"""Folders appear whole under their names or not at all, whoever is killed or comes at the same time."""

import os
import signal
import subprocess
import sys

import pytest

from simulator import storage
from simulator.errors import ExistsError, StorageError

HOLD = """
import sys, time
from pathlib import Path
from simulator import storage
with storage.whole_folder(Path(sys.argv[1])) as draft:
    (draft / "a").write_text("of the first")
    print("here", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def finals(tmp_path):
    return {"truth": tmp_path / "r.truth", "key": tmp_path / "r.key", "run": tmp_path / "r"}


def make(finals, words):
    with storage.whole_folders(finals) as draft:
        for name in ("truth", "run"):
            (draft / name).mkdir()
            (draft / name / "a").write_text(words)
        (draft / "key").write_text(words)


def test_folders_get_their_names_together(finals, tmp_path):
    make(finals, "one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r", "r.key", "r.truth"]
    with pytest.raises(ExistsError, match="already exists"):
        make(finals, "two")
    assert (finals["run"] / "a").read_text() == "one"


def test_what_fails_leaves_nothing(finals, tmp_path):
    with pytest.raises(StorageError, match=r"r could not be written: .*No space"), storage.whole_folders(finals):
        raise OSError(28, "No space left on device")
    with pytest.raises(KeyboardInterrupt), storage.whole_folder(tmp_path / "r"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("named", [1, 2, 3])
def test_killed_between_the_names_is_made_anew(finals, named, tmp_path):
    """The next call takes back what had its name already, and nothing else; a whole one stays."""
    program = (
        "import os, signal, sys; from pathlib import Path; from simulator import storage\n"
        "left = [int(sys.argv[2])]; rename = Path.rename\n"
        "def counted(self, target):\n"
        "    if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    left[0] -= 1; return rename(self, target)\n"
        "Path.rename = counted; base = Path(sys.argv[1])\n"
        "finals = {'truth': base / 'r.truth', 'key': base / 'r.key', 'run': base / 'r'}\n"
        "with storage.whole_folders(finals) as draft:\n"
        "    for name in ('truth', 'run'):\n"
        "        (draft / name).mkdir(); (draft / name / 'a').write_text('first')\n"
        "    (draft / 'key').write_text('first')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(named)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert finals["run"].exists() == (named == 3)
    if named == 3:
        with pytest.raises(ExistsError):
            make(finals, "second")
        assert (finals["run"] / "a").read_text() == "first"
        return
    make(finals, "second")
    assert {finals["key"].read_text(), (finals["truth"] / "a").read_text(), (finals["run"] / "a").read_text()} == {
        "second"
    }
    assert len(list(tmp_path.iterdir())) == 3


def test_second_process_is_refused_and_harms_nothing(tmp_path):
    """While one process makes a folder another is told so; when the first is killed the second may."""
    out = tmp_path / "r"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "here\n"
        with pytest.raises(ExistsError, match="another process is making"), storage.whole_folder(out):
            pass
        assert (tmp_path / ".r.part" / "whole" / "a").read_text() == "of the first"
        os.kill(first.pid, signal.SIGKILL)
    with storage.whole_folder(out) as draft:
        assert list(draft.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_folder_is_replaced_only_by_a_whole_one(tmp_path):
    out = tmp_path / "r"
    with storage.whole_folder(out) as draft:
        (draft / "a").write_text("old")
    with pytest.raises(StorageError), storage.whole_folder(out, replace=True):
        raise OSError(28, "No space left on device")
    assert (out / "a").read_text() == "old"
    with storage.whole_folder(out, replace=True) as draft:
        (draft / "a").write_text("new")
    assert (out / "a").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
