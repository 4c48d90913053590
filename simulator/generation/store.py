"""A run in an object store: parts are made on a disk, sent there whole, and joined where this process has room.

Anything that fsspec can reach will do (``s3://bucket/run``). Objects appear whole under their names; the receipt of a
part and the manifest of a run are sent last, so what lacks them is unfinished. Two processes that make the same run
send the same bytes. A store that fails at times is asked again.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypeVar

import fsspec

from simulator.dataset import Dataset, Manifest
from simulator.errors import ExistsError, StoppedError, StorageError
from simulator.generation.engines import Local, worker
from simulator.generation.folders import KEYRING, Draft, RunFolders
from simulator.generation.joining import join
from simulator.generation.order import Order
from simulator.generation.part import RECEIPT, Receipt, find
from simulator.generation.progress import Meter, Progress, nothing, weight

ATTEMPTS, FIRST_PAUSE_S = 6, 0.1
T = TypeVar("T")
_LAST = (RECEIPT, "manifest.json", "order.json")
"""What makes the rest count, in whatever folder: sent when the rest is there."""


def again(operation: Callable[..., T], *arguments: Any) -> T:
    """What `operation` gives; where it fails it is tried again, with longer and longer pauses.

    Raises:
        StorageError: it failed to the end.
        FileNotFoundError: what is asked for is not there.
    """
    for attempt in range(ATTEMPTS):
        try:
            return operation(*arguments)
        except FileNotFoundError:
            raise
        except OSError as error:
            if attempt + 1 == ATTEMPTS:
                msg = f"the object store failed {ATTEMPTS} times: {error}"
                raise StorageError(msg) from error
            time.sleep(FIRST_PAUSE_S * 2**attempt)
    raise AssertionError


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of an object store.

    Attributes:
        files: the store.
        path: of the folder in it.
    """

    files: Any
    path: str

    @classmethod
    def of(cls, url: str) -> Self:
        """The folder that `url` names.

        Raises:
            StorageError: there is no way to such a store.
        """
        try:
            files, path = fsspec.core.url_to_fs(url, use_listings_cache=False)  # type: ignore[no-untyped-call]
        except (ImportError, ValueError) as error:
            msg = f"{url} cannot be reached: {error}"
            raise StorageError(msg) from error
        return cls(files, path.rstrip("/"))

    def beside(self, name: str) -> "Store":
        """The folder `name` beside this one."""
        return replace(self, path=f"{self.path.rpartition('/')[0]}/{name}")

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    def has(self, name: str) -> bool:
        """Whether there is an object `name`."""
        return bool(again(self.files.exists, f"{self.path}/{name}"))

    def names(self, folder: str) -> list[str]:
        """Every object below `folder`, relative to it."""
        base = f"{self.path}/{folder}"
        return sorted(found[len(base) + 1 :] for found in again(self.files.find, base))

    def pull(self, name: str, path: Path) -> None:
        """Fetch the object `name` as the file `path`, readable by nobody else."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = again(self.files.cat_file, f"{self.path}/{name}")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)

    def push(self, folder: Path, name: str = "") -> None:
        """Send every file of `folder` below `name`, what makes the rest count last."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in sorted(files, key=lambda path: path.name in _LAST):
            parts = (self.path, name, path.relative_to(folder).as_posix())
            again(self.files.put_file, str(path), "/".join(part for part in parts if part))

    def remove(self, folder: str = "") -> None:
        """Remove every object below `folder`."""
        base = f"{self.path}/{folder}".rstrip("/")
        if again(self.files.find, base):
            again(lambda: self.files.rm(base, recursive=True))


def generate_into(order: Order, url: str, progress: Progress = nothing, *, fresh: bool = False) -> Manifest:
    """Make the run that `order` asks for in the object store at `url`, as `generate` does in a folder.

    Raises:
        ExistsError: there is a run already, or an unfinished one of another order.
        StorageError: disk or store would not take it.
        StoppedError: somebody stopped it.
        CheckError: the run does not hold what its scenario promises.
    """
    store = Store.of(url)
    if store.has("manifest.json"):
        msg = f"{url} already exists; give another --out or remove it first"
        raise ExistsError(msg)
    remote = store.beside(f".{store.name}.part")
    if fresh:
        remote.remove()
    with tempfile.TemporaryDirectory(prefix="jukisim-") as scratch:
        folders = RunFolders(Path(scratch) / store.name)
        with _told(remote, order):
            _make(order, folders, remote, Meter.of(progress, order.scenario, order.codes))
        for own, final in ((folders.truth, ".truth"), (folders.sealed, ".truth"), (folders.keys, ".keys")):
            if own.exists():
                _send(own, store.beside(store.name + final))
        store.push(folders.run)
        remote.remove()
        return Dataset.open(folders.run).manifest


@contextmanager
def _told(remote: Store, order: Order) -> Iterator[None]:
    """Say what the store keeps of a run that is stopped here."""
    try:
        yield
    except KeyboardInterrupt as error:
        kept = sum(name.endswith(f"/{RECEIPT}") for name in remote.names("parts"))
        msg = (
            f"stopped; {kept:,} of {len(order.codes):,} municipalities are finished and kept in {remote.path}: "
            "the same command goes on from there"
        )
        raise StoppedError(msg) from error


def _send(own: Path, target: Store) -> None:
    if own.is_dir():
        target.push(own)
    else:
        again(target.files.put_file, str(own), f"{target.path}.sealed")


def _make(order: Order, folders: RunFolders, remote: Store, meter: Meter) -> None:
    draft = folders.draft
    order = replace(order, seed=_begin(order, draft, remote))
    receipts = {code: found for code in order.codes if (found := fetched(remote, draft, code))}
    for code in receipts:
        meter.finished(code)
    missing = [code for code in order.codes if code not in receipts]
    for receipt in _engine(order, remote)(draft, sorted(missing, key=lambda c: -weight(order.scenario, c)), meter):
        receipts[receipt.head.municipality] = receipt
        meter.finished(receipt.head.municipality)
    join(order, draft, [receipts[code] for code in order.codes], meter)
    folders.hand_over()


def _begin(order: Order, draft: Draft, remote: Store) -> int:
    """Take up what lies in the store for `order`, or begin it there; the seed of the run."""
    if remote.has(draft.order.name):
        for name in (draft.order.name, draft.scenario.name):
            remote.pull(name, draft.path / name)
    seed = draft.begin(order)
    draft.sweep()
    draft.ring(order)
    if not remote.has(draft.order.name):
        remote.push(draft.path)
    return seed


def fetched(remote: Store, draft: Draft, code: str) -> Receipt | None:
    """The receipt of the part `code` in the store, brought here and held against its digests; None without one."""
    if not remote.has(f"parts/{code}/{RECEIPT}"):
        return None
    for name in remote.names(f"parts/{code}"):
        remote.pull(f"parts/{code}/{name}", draft.parts / code / name)
    found = find(draft.parts, code)
    if found is None:
        remote.remove(f"parts/{code}")
    return found


def _engine(order: Order, remote: Store) -> Callable[[Draft, Sequence[str], Meter], Iterator[Receipt]]:
    if order.scheduler is None:
        return _Sending(Local(order.jobs), remote)
    from simulator.generation.cluster import Cluster  # noqa: PLC0415 - optional

    return _Fetching(Cluster(order.scheduler, remote.files.unstrip_protocol(remote.path)), remote)


@dataclass(frozen=True, slots=True)
class _Sending:
    """An engine of this machine whose parts are sent to the store."""

    engine: Local
    remote: Store

    def __call__(self, draft: Draft, codes: Sequence[str], meter: Meter) -> Iterator[Receipt]:
        for receipt in self.engine(draft, codes, meter):
            self.remote.push(draft.parts / receipt.head.municipality, f"parts/{receipt.head.municipality}")
            yield receipt


@dataclass(frozen=True, slots=True)
class _Fetching:
    """A cluster whose workers send their parts to the store, whence they are brought here."""

    engine: Callable[[Draft, Sequence[str], Meter], Iterator[Receipt]]
    remote: Store

    def __call__(self, draft: Draft, codes: Sequence[str], meter: Meter) -> Iterator[Receipt]:
        for receipt in self.engine(draft, codes, meter):
            found = fetched(self.remote, draft, receipt.head.municipality)
            if found is None:
                msg = f"the part {receipt.head.municipality} did not arrive whole in the store"
                raise StorageError(msg)
            yield found


@contextmanager
def borrowed(url: str) -> Iterator[Draft]:
    """The draft in the store at `url` as a folder of this machine, for as long as a part is made in it."""
    remote = Store.of(url)
    with tempfile.TemporaryDirectory(prefix="jukisim-") as scratch:
        draft = Draft(Path(scratch) / "draft")
        for name in (draft.order.name, draft.scenario.name, f"{draft.keys.name}/{KEYRING}"):
            remote.pull(name, draft.path / name)
        draft.parts.mkdir()
        yield draft


def make_remote(code: str, url: str) -> Receipt:
    """Make the part `code` on this machine and send it to the store at `url`."""
    with borrowed(url) as draft:
        receipt = worker(code, draft.path)
        Store.of(url).push(draft.parts / code, f"parts/{code}")
        shutil.rmtree(draft.parts)
    return receipt
