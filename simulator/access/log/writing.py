"""Writing a municipality's log: events and people shown by month, tiles, checkpoint."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.access.gate import Answers
from simulator.access.log import tree
from simulator.access.log.batches import LeafWriter
from simulator.access.log.checkpoint import Checkpoint
from simulator.access.log.events import Merged, Names
from simulator.access.office import OfficeFrames
from simulator.pseudonym import Epochs
from simulator.registry import Register, Registry
from simulator.schema import EVENT, SHOWN, Table

Write = Callable[[pl.DataFrame], None]


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
class _Months:
    """One open file per table and month; months come in order, so only the last is open."""

    folder: Path
    code: str
    stack: contextlib.ExitStack
    month: str = ""
    writers: dict[str, Write] = field(default_factory=dict)

    def write(self, month: str, events: pl.DataFrame, people: pl.DataFrame) -> None:
        if month != self.month:
            self.stack.close()
            self.month = month
            self.writers = {t.name: self.stack.enter_context(self._open(t)) for t in (EVENT, SHOWN)}
        self.writers["event"](events)
        self.writers["shown"](people)

    def _open(self, table: Table) -> contextlib.AbstractContextManager[Write]:
        return storage.parquet_pieces(table, part(self.folder, table, self.code, self.month))


def part(folder: Path, table: Table, code: str, month: str) -> Path:
    """The file of one month of a table of the log."""
    return folder / "audit" / table.name / f"{code}-{month}.parquet"


def write_log(  # noqa: PLR0917 - what a log is made of
    answers: Answers, people: Register, office: OfficeFrames, epochs: Epochs, index: int, folder: Path
) -> Written:
    """Write the log of one municipality into the run `folder`, under ``audit/``.

    Every request gives exactly one event. Memory stays at the answers plus one piece of 131,072 events.

    Args:
        answers: of the gate, to all requests of the log.
        people: the register.
        office: whose staff asked.
        epochs: the pseudonymizers of the log's realm, one for each version of its key.
        index: number of the municipality in the run, from 0.
        folder: the run.

    Raises:
        StorageError: the disk would not take it.
    """
    registry, code = Registry.of(people), people.municipality.code
    names = Names.of(answers, registry, office.staff, epochs)
    merged, leaves = Merged.of(answers, index), LeafWriter()
    with contextlib.ExitStack() as stack:
        months = _Months(folder, code, stack)
        for events in merged.chunks(registry, names):
            seen = merged.people(events, names)
            leaves.add(events, seen)
            for month, some, shown in _by_month(events, seen):
                months.write(month, some, shown)
    hashes = leaves.close()
    head = Checkpoint.of(code, len(hashes), tree.root(hashes), len(merged.order))
    storage.write_bytes(folder / "audit" / "tiles" / f"{code}.bin", b"".join(hashes))
    storage.write_bytes(folder / "audit" / "checkpoint" / code, head.to_bytes())
    return Written(merged.ids, head.events, answers.shown.height, head.root_text, head.to_bytes())


def _by_month(events: pl.DataFrame, people: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    months = events["at"].dt.strftime("%Y-%m")
    for month in months.unique(maintain_order=True):
        some = events.filter(months == month)
        low, high = some["event_id"][0], some["event_id"][-1]
        yield month, some, people.filter(pl.col("event_id").is_between(low, high))
