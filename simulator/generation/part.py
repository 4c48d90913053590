"""One municipality of a run, made on its own anywhere: its files, its share of the truth, a receipt with digests."""

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import polars as pl

from simulator import dataset, difficulty, memory, schema, spec, storage
from simulator.dataset import FileDigest, LogHead
from simulator.detect import evidence
from simulator.errors import SimulatorError
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey
from simulator.scenario import Scenario, people_stream
from simulator.schema import DIFFICULTY, EPISODE, LABEL, STAFF
from simulator.simulate import STAGES, MadeHere, Site, make
from simulator.streams import Stream

PART_STAGES = (*STAGES, "difficulty")
RUN = "run"
RECEIPT = "receipt.json"
OWN = {"label": LABEL, "episode": EPISODE, "difficulty": DIFFICULTY, "staff": STAFF}
"""What a part holds beside its files of the run, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What makes one part. It holds no key, so it can be sent to another process.

    Attributes:
        scenario, seed: of the run.
        code: of the municipality.
        jobs: workers inside the part; they change no byte.
    """

    scenario: Scenario
    seed: int
    code: str
    jobs: int = 1

    def site(self, key: PseudonymKey, folder: Path) -> Site:
        """Where and with what the municipality is simulated."""
        return Site(
            index=self.scenario.municipalities.index(self.code),
            code=self.code,
            stream=Stream(self.seed).at("municipality", self.code),
            people=people_stream(self.seed),
            key=key,
            folder=folder,
            jobs=self.jobs,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a finished part is.

    Attributes:
        head: of its log; it names the municipality.
        rows: rows of each table.
        files: digests of its files of the run, by path.
        own: digests of what it holds beside.
    """

    head: LogHead
    rows: dict[str, int]
    files: tuple[FileDigest, ...]
    own: tuple[FileDigest, ...]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The receipt of the part in `folder`.

        Raises:
            SimulatorError: it is none.
        """
        try:
            return spec.build(cls, json.loads((folder / RECEIPT).read_bytes()), str(folder))
        except (OSError, ValueError) as error:
            msg = f"{folder} has no receipt: {error}"
            raise SimulatorError(msg) from error

    def whole(self, folder: Path) -> bool:
        """Whether every file of the part in `folder` agrees with its digest."""
        pairs = ((folder / RUN, self.files), (folder, self.own))
        return all(_agrees(base, listed) for base, files in pairs for listed in files)


def _agrees(base: Path, listed: FileDigest) -> bool:
    path = base / listed.path
    return path.is_file() and FileDigest.of(base, path) == listed


def find(parts: Path, code: str) -> Receipt | None:
    """The receipt of the finished part `code`; one that is torn or was changed is removed, and None."""
    folder = parts / code
    if not folder.exists():
        return None
    with contextlib.suppress(SimulatorError, KeyError):
        receipt = Receipt.read(folder)
        if receipt.whole(folder):
            return receipt
    shutil.rmtree(folder)
    return None


def read(parts: Path, code: str, name: str) -> pl.DataFrame:
    """What the part `code` holds beside its files of the run: one of `OWN`."""
    return storage.read_parquet(parts / code / f"{name}.parquet")


def make_part(task: Task, key: PseudonymKey, parts: Path, progress: Callable[[str], None]) -> Receipt:
    """Make the part that `task` asks for as the folder ``parts/CODE``, which appears whole.

    Two workers may make the same part: each has a folder of its own, and whoever is second gives way to equal bytes.

    Raises:
        StorageError: the disk would not take it.
        CheckError: an episode could not be played, or the log answered it otherwise than it was told.
    """
    work = parts / f".{task.code}-{secrets.token_hex(8)}"

    def begun(stage: str) -> None:
        memory.give_back()
        progress(stage)

    try:
        made = make(task.scenario, task.site(key, work / RUN), begun)
        begun("difficulty")
        receipt = _written(made, work)
        settle(work, parts / task.code)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return receipt


def _written(made: MadeHere, work: Path) -> Receipt:
    key = AnswerKey(made.labels, made.episodes, "")
    with ThreadPoolExecutor(max_workers=1) as beside:
        digests = beside.submit(_digests, work / RUN)
        measured = difficulty.measure(_Log(work / RUN), key)
    frames = {"label": made.labels, "episode": made.episodes, "difficulty": measured, "staff": made.staff}
    for name, table in OWN.items():
        storage.write_parquet(table, frames[name], work / f"{name}.parquet")
    own = tuple(FileDigest.of(work, work / f"{name}.parquet") for name in OWN)
    receipt = Receipt(head=made.head, rows=made.rows, files=digests.result(), own=own)
    storage.write_bytes(work / RECEIPT, json.dumps(asdict(receipt)).encode())
    return receipt


def _digests(run: Path) -> tuple[FileDigest, ...]:
    return tuple(FileDigest.of(run, path) for path in dataset.run_files(run))


def settle(work: Path, final: Path) -> None:
    """Rename the folder `work` to `final`, forced to disk; an equal one that is there already stays.

    Raises:
        OSError: the disk would not take it.
    """
    for folder in {path.parent for path in work.rglob("*")}:
        storage.sync(folder)
    try:
        os.rename(work, final)  # noqa: PTH104 - Path.rename says no more
    except OSError:
        if not (final / RECEIPT).is_file():
            raise
    storage.sync(final.parent)


@dataclass(frozen=True, slots=True)
class _Log:
    """What reference detectors read of one municipality's log and auditor's tables: files of the part in `folder`."""

    folder: Path

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`; of lists and searches no more than those that showed one resident."""
        found = sorted(self.folder.glob(f"*/{table}/*.parquet"))
        columns = evidence.COLUMNS if table == schema.EVENT.name else None
        kept = evidence.alone if table == schema.SHOWN.name else (lambda frame: frame)
        read_ = [kept(storage.read_parquet(path, columns)) for path in found]
        return pl.concat(read_) if read_ else schema.table(table).empty()
