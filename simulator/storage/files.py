"""Files appear whole under their name or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from simulator.errors import StorageError
from simulator.storage.ingest import REFUSALS


def sync(path: Path) -> None:
    """Force a file or folder to the disk.

    Windows forces only what is open for writing, and opens no folder: there the folder's entry is the system's care.
    """
    if path.is_dir():
        if os.name == "nt":
            return
        flags = os.O_RDONLY
    else:
        flags = os.O_RDWR
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it is forced to disk and renamed to `path`.

    Raises:
        StorageError: the disk would not take it (full, read-only, forbidden). Nothing is left behind.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        sync(draft)
        draft.replace(path)
    except (OSError, *REFUSALS) as error:
        msg = f"{path} could not be written: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        raise StorageError(msg) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with whole_file(path) as draft:
        draft.write_bytes(content)
