"""The live log of one municipality: one writer, one event after another, each chained and forced to disk.

An event is numbered and linked when it is prepared and acknowledged when it is committed; many may be committed
together. What was not committed is gone, and the numbers with it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import filelock

from simulator import storage
from simulator.errors import DamagedError, StorageError
from simulator.live import chain
from simulator.live.tables import EVENT_LIVE, FENCES, INDEXES, META, SHOWN_LIVE

FORMAT = "1"
_INSERT = {
    table: f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES ({', '.join(f':{n}' for n in table.names)})"  # noqa: S608 - names of declared columns only
    for table in (EVENT_LIVE, SHOWN_LIVE, META)
}


class BusyError(StorageError):
    """Another process writes this live log."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded.

    Attributes:
        event: the columns of the table ``event`` without `event_id`; `at` in milliseconds.
        shown: pseudonyms of resident and household of everyone shown, in order.
        detail: what else is recorded: certificate, change, reason, workflow; None for nothing.
    """

    event: Mapping[str, Any]
    shown: chain.Shown = ()
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry with its number and its link, ready to be committed."""

    row: Mapping[str, Any]
    shown: chain.Shown

    @property
    def event_id(self) -> int:
        """The number of the event."""
        return int(self.row["event_id"])

    @property
    def people(self) -> Iterator[Mapping[str, Any]]:
        """The rows of the table ``shown``."""
        for rank, (resident, household) in enumerate(self.shown):
            yield {"event_id": self.event_id, "rank": rank, "resident": resident, "household": household}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: its last event (or the number before its first) and the link there."""

    event_id: int
    link: bytes


def canonical(detail: Mapping[str, Any] | None) -> str | None:
    """`detail` as text: the same for the same content."""
    return None if detail is None else json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Journal:
    """An open live log."""

    def __init__(self, path: Path, lock: filelock.FileLock | None, connection: storage.SqliteConnection) -> None:
        """Hold the open `connection`; `open` and `read` are the ways in."""
        self.path, self._lock, self._connection = path, lock, connection
        rows = connection.select("SELECT name, value FROM meta", {})
        self.meta: dict[str, str] = {row["name"]: row["value"] for row in rows}
        self._committed = self._last()
        self._head = self._committed

    @classmethod
    def open(cls, path: Path, meta: Mapping[str, str], wait_s: float = 0.0) -> Self:
        """Open the log at `path` for writing; make it with `meta` if it is not there.

        Args:
            path: of the SQLite file.
            meta: what the log belongs to; at least ``root`` and ``first_event``.
            wait_s: how long to wait for another writer to finish, in seconds.

        Raises:
            BusyError: another process writes it.
            DamagedError: it belongs to another run, or is damaged.
            StorageError: the disk would not take it.
        """
        lock = _locked(path, wait_s)
        try:
            if not path.exists():
                _create(path, {"format": FORMAT, **meta})
            found = cls(path, lock, storage.connect_journal(path))
            found.check_of(meta)
        except BaseException:
            lock.release()
            raise
        return found

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open the log at `path` for reading.

        Raises:
            MissingError: there is none.
            DamagedError: it is damaged.
        """
        return cls(path, None, storage.connect_journal(path, read_only=True))

    def check_of(self, meta: Mapping[str, str]) -> None:
        """Raise DamagedError unless the log belongs to the run of `meta`."""
        if self.meta.get("format") != FORMAT:
            msg = f"{self.path} has layout {self.meta.get('format')}; this version reads layout {FORMAT}"
            raise DamagedError(msg)
        if self.meta.get("root") != meta["root"]:
            msg = f"{self.path} belongs to the run {self.meta.get('root', '')[:16]}…, not to {meta['root'][:16]}…"
            raise DamagedError(msg)

    @property
    def head(self) -> Head:
        """The end of what is committed."""
        return self._committed

    @property
    def genesis(self) -> Head:
        """Where the log begins: the number before its first event, and the root of its run as the first link."""
        return Head(int(self.meta["first_event"]) - 1, bytes.fromhex(self.meta["root"]))

    def prepare(self, entry: Entry) -> Prepared:
        """Number and link the next event; it counts once `commit` has it.

        Raises:
            DamagedError: a value is not of its column.
        """
        number = self._head.event_id + 1
        row = {**entry.event, "event_id": number, "detail": canonical(entry.detail)}
        link = chain.link(self._head.link, chain.record(row, entry.shown, row["detail"]))
        self._head = Head(number, link)
        return Prepared({**row, "link": link}, entry.shown)

    def commit(self, prepared: Sequence[Prepared]) -> None:
        """Write prepared events in their order and force them to disk; all of them or none.

        Raises:
            StorageError: the disk would not take them, or another process wrote here. Call `reset` before going on.
            DamagedError: the file is damaged. Likewise.
        """
        if not prepared:
            return
        with self._connection.transaction():
            if self._last() != self._committed:
                msg = f"{self.path} was written by another process; nothing was recorded"
                raise BusyError(msg)
            self._connection.execute(_INSERT[EVENT_LIVE], (each.row for each in prepared))
            self._connection.execute(_INSERT[SHOWN_LIVE], (row for each in prepared for row in each.people))
        self._committed = Head(prepared[-1].event_id, prepared[-1].row["link"])

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """Record `entries` and give their numbers; they are on disk when this returns.

        Raises:
            StorageError: the disk would not take them: none is recorded.
            DamagedError: a value or the file is not right: none is recorded.
        """
        try:
            prepared = [self.prepare(entry) for entry in entries]
            self.commit(prepared)
        except BaseException:
            self.reset()
            raise
        return [each.event_id for each in prepared]

    def reset(self) -> None:
        """Forget what was prepared and not committed."""
        self._head = self._committed

    def select(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What `sql` finds in the log.

        Raises:
            StorageError, DamagedError: it cannot be read.
        """
        return self._connection.select(sql, values)

    def close(self) -> None:
        """Close the file and let another process write."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _last(self) -> Head:
        rows = self._connection.select("SELECT event_id, link FROM event ORDER BY event_id DESC LIMIT 1", {})
        return Head(rows[0]["event_id"], rows[0]["link"]) if rows else self.genesis


def _locked(path: Path, wait_s: float) -> filelock.FileLock:
    lock = filelock.FileLock(path.with_suffix(".lock"), timeout=wait_s, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        msg = (
            f"{path} is being written by another process; one process writes a live log. "
            "Stop the other (jukisim serve, or another query), or ask it over HTTP"
        )
        raise BusyError(msg) from error
    except OSError as error:
        msg = f"{path.parent} cannot be written: {error.strerror or error}"
        raise StorageError(msg) from error
    return lock


def _create(path: Path, meta: Mapping[str, str]) -> None:
    with storage.whole_file(path) as draft:
        tables = {table: table.empty() for table in (EVENT_LIVE, SHOWN_LIVE, META)}
        storage.create_database(draft, storage.Layout(tables, INDEXES))
        connection = storage.connect(draft, read_only=False)
        with connection.transaction():
            connection.execute(_INSERT[META], ({"name": n, "value": v} for n, v in sorted(meta.items())))
            for fence in FENCES:
                connection.execute(fence)
        connection.close()
