"""Files that hold secrets: private from their first byte, read only while private, there whole or not at all.

Content to write comes as a `memoryview`, whose repr shows nothing, so a traceback with local variables is harmless.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from simulator.errors import ExistsError, MissingError, StorageError
from simulator.pseudonym.errors import KeyFileError

PRIVATE = 0o600
_OTHERS = 0o077 if os.name == "posix" else 0
"""The permission bits that must be off. Windows keeps access lists instead, which `stat` does not show."""


def read(path: Path) -> bytes:
    """The content of the private file `path`.

    Raises:
        MissingError: there is no such file.
        KeyFileError: it is not a plain file, or its group or others may touch it.
        StorageError: the disk would not give it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            _require_private(os.fstat(handle), path)
            with open(handle, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(handle)
    except FileNotFoundError as error:
        msg = f"{path} is missing"
        raise MissingError(msg) from error
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise StorageError(msg) from error


def _require_private(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        msg = f"{path} is not a plain file"
        raise KeyFileError(msg)
    if status.st_mode & _OTHERS:
        msg = f"{path} is open to others than its owner (mode {stat.S_IMODE(status.st_mode):03o}); chmod 600 it"
        raise KeyFileError(msg)


def create(path: Path, content: memoryview) -> None:
    """Write `content` to the new private file `path`.

    Raises:
        ExistsError: `path` is already there; it stays as it is.
        StorageError: the disk would not take it; nothing is left behind.
    """
    _write(path, content, os.link)


def replace(path: Path, content: memoryview) -> None:
    """Write `content` to the private file `path`, in the place of what was there.

    Raises:
        StorageError: the disk would not take it; what was there stays.
    """
    _write(path, content, os.replace)


def _write(path: Path, content: memoryview, settle: Callable[[Path, Path], None]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        settle(draft, path)
    except FileExistsError as error:
        msg = f"{path} or a folder above it already exists as something else; a key is never written over"
        raise ExistsError(msg) from error
    except OSError as error:
        msg = f"{path} could not be written: {error.strerror}"
        raise StorageError(msg) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
