"""A disk that fills up: one clear line, nothing under a final name, and the run can be made once there is space."""

import os
import shutil
import subprocess
import sys

import pytest

SMALL = "600k"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 600 kB; where mounting is not allowed (no root) the test is left out and says so."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("left out: mounting a small file system needs root")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_full_disk_is_one_line_and_leaves_nothing(small_disk):
    """Making a run on a full disk exits 1 with one line; after space is freed the same command succeeds."""
    command = [sys.executable, "-m", "simulator.cli", "generate", "mini", "--seed", "1", "--out", "r"]
    found = subprocess.run(command, cwd=small_disk, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert len(found.stderr.strip().splitlines()) == 1, found.stderr
    assert "could not be" in found.stderr
    assert list(small_disk.iterdir()) == []
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    assert subprocess.run(command, cwd=small_disk, check=False, capture_output=True).returncode == 0
