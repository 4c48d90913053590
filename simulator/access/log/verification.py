"""Is a log what it was when it was sealed? Every record is hashed again; the first broken batch is named."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from simulator import storage
from simulator.access.log import tree
from simulator.access.log.batches import BATCH, leaves
from simulator.access.log.checkpoint import Checkpoint
from simulator.errors import DamagedError, MissingError
from simulator.schema import EVENT, SHOWN, Table

Finding = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Log:
    """Where the parts of one municipality's log lie in a run."""

    folder: Path
    code: str

    def parts(self, table: Table) -> list[Path]:
        """The files of a table, month by month."""
        return sorted((self.folder / "audit" / table.name).glob(f"{self.code}-*.parquet"))

    def name(self, path: Path) -> str:
        """`path` as findings name it."""
        return path.relative_to(self.folder).as_posix()

    @property
    def tiles(self) -> Path:
        """The file of the leaf hashes."""
        return self.folder / "audit" / "tiles" / f"{self.code}.bin"

    @property
    def checkpoint(self) -> Path:
        """The file of the head."""
        return self.folder / "audit" / "checkpoint" / self.code

    def leaves(self) -> list[bytes]:
        """The leaf hashes.

        Raises:
            MissingError: their file is not there.
        """
        held = read(self.tiles)
        return [held[i : i + tree.HASH_BYTES] for i in range(0, len(held), tree.HASH_BYTES)]


def verify_log(folder: Path, municipality: str, size: int | None = None, root: str | None = None) -> list[Finding]:
    """Check the log of `municipality` in the run `folder`; an empty list means that it is whole.

    Args:
        folder: the run.
        municipality: six-digit code.
        size: how many events it had, from a head that was kept elsewhere; None to go by its own checkpoint.
        root: its root, base64, likewise.

    Returns:
        Place and what is wrong there, in words; the first broken batch with its events.

    Raises:
        MissingError: a part of the log is not there.
        DamagedError: a part does not decode.
    """
    log = Log(folder, municipality)
    head = Checkpoint.parse(read(log.checkpoint), log.name(log.checkpoint))
    findings = list(_against(log, head, size, root))
    expected = base64.b64decode(root) if root is not None else head.root
    tiles = log.leaves()
    sound = tree.root(tiles) == expected
    if not sound:
        findings.append((log.name(log.tiles), "was changed: its root is not that of the checkpoint"))
    findings += _records(log, tiles, expected, size if size is not None else head.events)
    return findings


def _against(log: Log, head: Checkpoint, size: int | None, root: str | None) -> Iterator[Finding]:
    place = log.name(log.checkpoint)
    if head.municipality != log.code:
        yield place, f"is the checkpoint of {head.municipality}, not of {log.code}"
    if size is not None and head.events != size:
        yield place, f"names {head.events} events, the head kept elsewhere {size}"
    if root is not None and head.root_text != root:
        yield place, "has another root than the head kept elsewhere: the log was rewritten or rolled back"


def _records(log: Log, tiles: list[bytes], expected: bytes, size: int) -> Iterator[Finding]:
    hashes: list[bytes] = []
    broken: Finding | None = None
    count, first = 0, 0
    for place, (name, events, shown) in enumerate(batched(log)):
        first = first or int(events["event_id"][0])
        found = list(leaves(events, shown))
        at = len(hashes)
        wrong = [i for i, each in enumerate(found) if at + i >= len(tiles) or tiles[at + i] != each]
        if wrong and broken is None:
            start = wrong[0] * BATCH
            where = at + wrong[0], count + start
            broken = _explain(name, where, events.slice(start, BATCH), first if place else None)
        hashes, count = hashes + found, count + events.height
    if broken is not None and tree.root(hashes) != expected:
        yield broken
    if count != size:
        lacking = f"is cut: {count} of {size} events are there"
        beyond = f"has {count} events, {count - size} more than were sealed"
        yield f"audit/event/{log.code}", lacking if count < size else beyond
    elif broken is None and tree.root(hashes) != expected:
        yield f"audit/event/{log.code}", "was changed: its records do not give the root"


def _explain(name: str, where: tuple[int, int], events: pl.DataFrame, first: int | None) -> Finding:
    """What is wrong with the batch of that number, before which so many events stand."""
    batch, before = where
    ids = events["event_id"].to_numpy()
    base = (int(ids.min()) >> 40 << 40) + 1 if first is None else (first >> 40 << 40) + 1
    expected = base + before + np.arange(len(ids))
    span = f"batch {batch} (events {expected[0]}–{expected[-1]})"
    odd = np.flatnonzero(ids != expected)
    if not odd.size:
        return name, f"{span} was edited: a record, or whom it showed, is not as it was sealed"
    if set(ids.tolist()) == set(expected.tolist()):
        pair = ", ".join(str(each) for each in expected[odd][:4])
        return name, f"{span}: records are swapped, first {pair}"
    repeated = len(set(ids.tolist())) < len(ids)
    kind = "is there twice" if repeated else "is missing or was given another number"
    return name, f"{span}: event {expected[odd[0]]} {kind}"


def batched(log: Log) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """The log in pieces that are whole batches, but for the last of what was sealed together."""
    events, shown, name, mark = EVENT.empty(), SHOWN.empty(), "", ""
    for path in log.parts(EVENT):
        if path.stem.partition("_")[2] != mark:
            mark = path.stem.partition("_")[2]
            if events.height:
                yield name, events, shown
                events, shown = EVENT.empty(), SHOWN.empty()
        people = log.folder / "audit" / "shown" / path.name
        for some, theirs in _pieces(path, people):
            events, shown = pl.concat([events, some]), pl.concat([shown, theirs])
            name, whole = log.name(path), events.height - events.height % BATCH
            ids = events["event_id"][:whole]
            if whole:
                cut = int((shown["event_id"] <= (ids.max() or 0)).sum()) if whole < events.height else shown.height
                yield name, events.head(whole), shown.head(cut)
                events, shown = events.tail(events.height - whole), shown.tail(shown.height - cut)
    if events.height:
        yield name, events, shown


def _pieces(path: Path, people: Path) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """A month's row groups, event and shown by event."""
    yield EVENT.conform(_parquet(path)), SHOWN.conform(_parquet(people))


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return storage.read_parquet(path)
    except pl.exceptions.ComputeError as error:
        msg = f"{path} does not decode: {error}"
        raise DamagedError(msg) from error


def read(path: Path) -> bytes:
    """The bytes of a part of the log.

    Raises:
        MissingError: it is not there.
    """
    if not path.is_file():
        msg = f"{path} is missing"
        raise MissingError(msg)
    return path.read_bytes()
