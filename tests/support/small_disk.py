"""A file system in memory that can be filled to the last byte; mounting it takes root, or sudo without a password."""

import contextlib
import os
import shutil
import subprocess

import pytest

WHOLE = 96 << 20
"""Bytes of the file system: more than any stage of a test needs."""
_FILLER = ".filler"


class Disk:
    """The file system at `place`."""

    def __init__(self, place):
        self.place, self.filler = place, place / _FILLER

    def fill(self, free=0):
        """Leave only `free` bytes."""
        with self.filler.open("ab", buffering=0) as file:
            wanted = shutil.disk_usage(self.place).free - free
            with contextlib.suppress(OSError):
                while wanted > 0:
                    wanted -= file.write(bytes(min(wanted, 1 << 20)))

    def empty(self):
        """Free what was filled."""
        self.filler.unlink()

    def left(self):
        """What lies there beside the filler."""
        return sorted(path.name for path in self.place.iterdir() if path != self.filler)


@contextlib.contextmanager
def mounted(place):
    """The file system, mounted at the new folder `place` and gone afterwards."""
    place.mkdir()
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    command = [*root, "mount", "-t", "tmpfs", "-o", f"size={WHOLE},mode=1777", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        if os.environ.get("CI"):
            pytest.fail("no file system can be mounted, so no disk was filled")
        pytest.skip("left out: mounting a small file system needs root, so no disk was filled")
    try:
        yield Disk(place)
    finally:
        subprocess.run([*root, "umount", "-l", str(place)], check=True)
