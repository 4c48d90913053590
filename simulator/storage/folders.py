"""Folders appear whole under their names or not at all, made by one process at a time."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock

from simulator.errors import ExistsError, StorageError
from simulator.storage.files import sync
from simulator.storage.ingest import REFUSALS

_NAMING = ".naming"
"""The mark of a draft that is whole and is being given its names."""


@contextlib.contextmanager
def alone(path: Path, lock: Path | None = None) -> Iterator[None]:
    """Be the one process that makes `path`; the file `lock`, beside it if not given, says so.

    Raises:
        ExistsError: another process is making it.
        StorageError: the disk would not take the lock.
    """
    lock = lock or path.with_name(f".{path.name}.lock")
    held = filelock.FileLock(lock, timeout=0, thread_local=False)
    try:
        _take(held, path)
        yield
    finally:
        if held.is_locked:
            with contextlib.suppress(OSError):  # Windows removes no open file, filelock does it there
                lock.unlink(missing_ok=True)
            held.release()


def _take(held: filelock.BaseFileLock, path: Path) -> None:
    try:
        Path(held.lock_file).parent.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(1) as aside:  # an interrupt reaches the main thread alone, so no lock is half taken
            aside.submit(held.acquire).result()
    except filelock.Timeout as error:
        msg = f"another process is making {path}"
        raise ExistsError(msg) from error
    except OSError as error:
        msg = f"{path} could not be written: {error.strerror or error}"
        raise StorageError(msg) from error


@contextlib.contextmanager
def whole_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a new folder; on success it is forced to disk and becomes `path`, in the place of another if `replace`.

    Raises:
        ExistsError: `path` is already there and not to be replaced, or another process is making it.
        StorageError: the disk would not take it. Nothing is left behind.
    """
    with whole_folders({"whole": path}, replace=replace) as draft:
        (draft / "whole").mkdir()
        yield draft / "whole"


@contextlib.contextmanager
def whole_folders(finals: Mapping[str, Path], *, replace: bool = False) -> Iterator[Path]:
    """Give a new folder; on success each member of it that `finals` knows gets its final name, in that order.

    Whoever is killed while names are given leaves a draft by which the next call takes them back, and makes all anew.

    Args:
        finals: member of the folder (a file or a folder) → its final path; the one that people look for comes last.
        replace: whether what bears these names may go, once the new is whole.

    Raises:
        ExistsError: one of the final paths is already there, or another process is making them.
        StorageError: the disk would not take it. Nothing is left behind.
    """
    last = list(finals.values())[-1]
    draft = last.with_name(f".{last.name}.part")
    with alone(last):
        _take_back(draft, finals)
        if not replace:
            check_new(*finals.values())
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True, mode=0o700)
            yield draft
            _give_names(draft, finals)
        except (OSError, *REFUSALS) as error:
            msg = f"{last} could not be written: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
            raise StorageError(msg) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def check_new(*paths: Path) -> None:
    """Raise ExistsError if one of `paths` is there."""
    for path in paths:
        if path.exists():
            msg = f"{path} already exists; give another --out or remove it first"
            raise ExistsError(msg)


def _give_names(draft: Path, finals: Mapping[str, Path]) -> None:
    for path in sorted(draft.rglob("*")):
        sync(path)
    (draft / _NAMING).touch()
    sync(draft)
    for name, final in finals.items():
        if (draft / name).exists():
            _make_way(final, draft)
            (draft / name).rename(final)
    for parent in {final.parent for final in finals.values()}:
        sync(parent)


def _make_way(final: Path, draft: Path) -> None:
    if final.exists():
        final.rename(draft / f".old-{final.name}")


def _take_back(draft: Path, finals: Mapping[str, Path]) -> None:
    """Remove what a killed process had named already, unless it had named all and only its draft is left."""
    if not (draft / _NAMING).is_file():
        return
    if not any((draft / name).exists() for name in finals):
        shutil.rmtree(draft)
        return
    for name, final in finals.items():
        if not (draft / name).exists():
            shutil.rmtree(final) if final.is_dir() else final.unlink(missing_ok=True)
