"""Writing a municipality's log: events and people shown by month, tiles, checkpoint."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from simulator import storage
from simulator.access.gate import Answers
from simulator.access.log import tree
from simulator.access.log.batches import LeafWriter
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.events import LOG_BITS, Merged, Names
from simulator.access.office import OfficeFrames
from simulator.pseudonym import Epochs, expect
from simulator.registry import Register, Registry
from simulator.schema import EVENT, SHOWN, Table

Write = Callable[[pl.DataFrame], None]
_COLUMNS_OF_PEOPLE = 3  # resident, household and surname of each get a pseudonym, and what is searched for


@dataclass(frozen=True, slots=True)
class Written:
    """A log that was written.

    Attributes:
        event_ids: request_no and event_id of every request, by event_id.
        size: how many events.
        shown: how many rows of residents shown.
        root: of the tree, base64.
        checkpoint: the head as text.
    """

    event_ids: pl.DataFrame
    size: int
    shown: int
    root: str
    checkpoint: bytes


@dataclass(slots=True)
class _Behind:
    """A thread of its own that works one piece behind; its errors come with the next piece or the end.

    Encoding, compressing and hashing need no turn of the interpreter.
    """

    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))
    pending: Future[None] | None = None

    def have(self, work: Callable[..., None], *piece: object) -> None:
        """Have `work` done on a piece as soon as the one before is."""
        self._wait()
        self.pending = self.thread.submit(work, *piece)

    def close(self) -> None:
        """Wait for the last piece."""
        try:
            self._wait()
        finally:
            self.thread.shutdown()

    def _wait(self) -> None:
        pending, self.pending = self.pending, None
        if pending is not None:
            pending.result()


@dataclass(slots=True)
class _Months:
    """One open file per table and month; months come in order, so only the last is open."""

    folder: Path
    code: str
    stack: contextlib.ExitStack
    mark: str = ""
    month: str = ""
    writers: dict[str, Write] = field(default_factory=dict)

    def write(self, month: str, events: pl.DataFrame, people: pl.DataFrame) -> None:
        """Write a piece.

        Raises:
            StorageError: the disk would not take it.
        """
        if month != self.month:
            self.stack.close()
            self.month = month
            self.writers = {t.name: self.stack.enter_context(self._open(t)) for t in (EVENT, SHOWN)}
        self.writers["event"](events)
        self.writers["shown"](people)

    def _open(self, table: Table) -> contextlib.AbstractContextManager[Write]:
        return storage.parquet_pieces(table, part(self.folder, table, self.code, self.month + self.mark))


@dataclass(frozen=True, slots=True)
class SealedLog:
    """A log that further days are written to.

    Attributes:
        events: how many it has.
        sessions: the highest number of a session.
        leaves: its leaf hashes; the next event begins another leaf.
        day: first day of what is added; it stands in the names of the files, which begin another leaf.
        met: resident and len, how many events name each resident.
    """

    events: int
    sessions: int
    leaves: tuple[bytes, ...]
    day: date
    met: pl.DataFrame


def part(folder: Path, table: Table, code: str, month: str) -> Path:
    """The file of one month of a table of the log."""
    return folder / "audit" / table.name / f"{code}-{month}.parquet"


@dataclass(slots=True)
class LogWriter:
    """Writes the log of one municipality into the run's folder, under ``audit/``, piece by piece in order of time.

    Every request gives exactly one event. Memory stays at one piece's answers and two times 131,072 events: those that
    are made, and those that threads of its own write and hash. The last day of one piece and the first of the next
    must differ, for sessions and limits do not outlast a day.
    """

    registry: Registry
    names: Names
    code: str
    index: int
    folder: Path
    _leaves: LeafWriter
    _months: _Months
    _events: int = 0
    _sessions: int = 0
    _shown: int = 0
    _hashing: _Behind = field(default_factory=_Behind)
    _writing: _Behind = field(default_factory=_Behind)

    @classmethod
    def of(  # noqa: PLR0917 - what a log is made of
        cls,
        registry: Registry,
        office: OfficeFrames,
        epochs: Epochs,
        index: int,
        folder: Path,
        sealed: SealedLog | None = None,
    ) -> Self:
        """Begin the log of `registry`'s municipality, number `index` of the run, from 0; close it in the end.

        Args:
            registry: the register.
            office: whose staff asked.
            epochs: the pseudonymizers of the log's realm, one for each version of its key.
            index: number of the municipality in the run.
            folder: the run.
            sealed: what the log holds already; None for a new one.
        """
        code = registry.code
        expect(_COLUMNS_OF_PEOPLE * registry.size)
        names = Names.of(registry, office.staff, epochs)
        months = _Months(folder, code, contextlib.ExitStack())
        if sealed is None:
            return cls(registry, names, code, index, folder, LeafWriter(), months)
        months.mark, leaves = f"_{sealed.day}", LeafWriter(list(sealed.leaves))
        return cls(registry, names, code, index, folder, leaves, months, sealed.events, sealed.sessions)

    def add(self, answers: Answers) -> pl.DataFrame:
        """Write the next piece; gives request_no and event_id of its requests, by event_id.

        Raises:
            StorageError: the disk would not take it.
        """
        merged = Merged.of(answers, (self.index << LOG_BITS) + 1 + self._events, self._sessions)
        for events in merged.chunks(self.registry, self.names):
            seen = merged.people(events, self.names)
            for month, some, shown in _by_month(events, seen):
                self._writing.have(self._months.write, month, some, shown)
            self._hashing.have(self._leaves.add, events, seen)
        self._events += len(merged.order)
        self._sessions += merged.session_count
        self._shown += answers.shown.height
        return merged.ids

    def close(self, ids: pl.DataFrame) -> Written:
        """Write tiles and checkpoint; `ids` is what is known of all pieces.

        Raises:
            StorageError: the disk would not take it.
        """
        try:
            self._wait()
            self._months.stack.close()
        except BaseException as error:
            self.abandon(error)
            raise
        hashes = self._leaves.close()
        head = Checkpoint.of(self.code, len(hashes), tree.root(hashes), self._events)
        storage.write_bytes(self.folder / "audit" / "tiles" / f"{self.code}.bin", b"".join(hashes))
        storage.write_bytes(self.folder / "audit" / "checkpoint" / self.code, head.to_bytes())
        return Written(ids, head.events, self._shown, head.root_text, head.to_bytes())

    def abandon(self, cause: BaseException) -> None:
        """Drop the file that is open, because of `cause`; what fails besides is not told."""
        with contextlib.suppress(Exception):
            self._wait()
        with contextlib.suppress(Exception):
            self._months.stack.__exit__(type(cause), cause, cause.__traceback__)

    def _wait(self) -> None:
        """Wait for both threads; of two that failed the one that writes is told."""
        try:
            self._writing.close()
        except BaseException:
            with contextlib.suppress(Exception):
                self._hashing.close()
            raise
        self._hashing.close()


def write_log(  # noqa: PLR0917 - what a log is made of
    answers: Answers, people: Register, office: OfficeFrames, epochs: Epochs, index: int, folder: Path
) -> Written:
    """Write the log of one municipality in one piece, as `LogWriter` does."""
    writer = LogWriter.of(Registry.of(people), office, epochs, index, folder)
    try:
        return writer.close(writer.add(answers))
    except BaseException as error:
        writer.abandon(error)
        raise


def _by_month(events: pl.DataFrame, people: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """The events of each month, and whom they showed; all in order of time."""
    month = events.select(pl.col("at").dt.year() * 12 + pl.col("at").dt.month()).to_series().to_numpy()
    starts = np.flatnonzero(np.append(True, month[1:] != month[:-1]))
    seen = people["event_id"].search_sorted(events["event_id"].gather(starts)).to_list()
    for (start, end), (low, high) in zip(
        pairwise([*starts.tolist(), events.height]), pairwise([*seen, people.height]), strict=True
    ):
        name = events["at"][start].strftime("%Y-%m")
        yield name, events.slice(start, end - start), people.slice(low, high - low)
