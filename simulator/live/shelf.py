"""Where a live log stands: a SQLite file with one writing process, or a PostgreSQL schema whose writers take turns."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import filelock
import polars as pl

from simulator import storage
from simulator.errors import ExistsError, StorageError
from simulator.live.checkpoint import CHECKPOINT_SUFFIX
from simulator.live.tables import AUDIT_ROLE, EVENT_LIVE, FENCES, INDEXES, META, SERVED_FENCES, SHOWN_LIVE

if TYPE_CHECKING:
    from simulator.storage.postgres import PostgresConnection


class BusyError(StorageError):
    """Another process writes this live log."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class ServedLog:
    """A live log in PostgreSQL.

    Attributes:
        address: ``postgresql://…``.
        municipality: six digits; the log has a schema of its own, ``live_`` and these.
    """

    address: str
    municipality: str

    @property
    def schema(self) -> str:
        """The schema that holds it."""
        return f"live_{self.municipality}"

    def exists(self) -> bool:
        """Whether it was ever written.

        Raises:
            StorageError: the database does not answer.
        """
        connection = storage.connect_postgres(self.address, schema=self.schema)
        try:
            return bool(connection.select("SELECT 1 AS there WHERE to_regclass('meta') IS NOT NULL", {}))
        finally:
            connection.close()


class Shelf(Protocol):
    """Where a live log stands."""

    @property
    def place(self) -> str:
        """Its name in messages, without a password."""
        ...

    @property
    def shared(self) -> bool:
        """Whether others may write between two turns of ours."""
        ...

    @property
    def connection(self) -> storage.Connection:
        """The open database, for whoever writes."""
        ...

    @property
    def reader(self) -> storage.Connection:
        """The same for whoever reads meanwhile: it sees what is committed."""
        ...

    def begin(self) -> None:
        """Take the turn to write.

        Raises:
            BusyError: another has it and does not end.
        """
        ...

    def end(self) -> None:
        """Give the turn back."""
        ...

    def mark(self, head: str) -> None:
        """Let the text of the head lie with the log.

        Raises:
            StorageError: the disk would not take it.
        """
        ...

    def close(self) -> None:
        """Close it."""
        ...


class FileShelf:
    """A SQLite file: whoever opens it for writing is the only one until it is closed."""

    shared = False

    def __init__(self, path: Path, connection: storage.SqliteConnection, lock: filelock.FileLock | None) -> None:
        """Hold the open file and its lock; None for reading."""
        self.place, self.connection, self._lock = str(path), connection, lock
        self.reader = connection if lock is None else storage.connect_journal(path, read_only=True)

    @classmethod
    def open(cls, path: Path, meta: Mapping[str, str], wait_s: float) -> "FileShelf":
        """Open it for writing; make it if it is not there.

        Raises:
            BusyError: another process writes it.
            StorageError: the disk would not take it.
            DamagedError: it is no database.
        """
        lock = _locked(path, wait_s)
        try:
            if not path.exists():
                storage.create_database(path, _layout(meta, FENCES))
            return cls(path, storage.connect_journal(path), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def read(cls, path: Path) -> "FileShelf":
        """Open it for reading."""
        return cls(path, storage.connect_journal(path, read_only=True), None)

    def begin(self) -> None:
        """The turn is ours as long as it is open."""

    def end(self) -> None:
        """The turn is ours as long as it is open."""

    def mark(self, head: str) -> None:
        """Write the head beside the file."""
        storage.write_bytes(Path(self.place).with_suffix(CHECKPOINT_SUFFIX), head.encode())

    def close(self) -> None:
        """Close the file and let another process write."""
        if self.reader is not self.connection:
            self.reader.close()
        self.connection.close()
        if self._lock is not None:
            self._lock.release()


class ServedShelf:
    """A schema of PostgreSQL: any number of processes write, one at a time, by an advisory lock."""

    shared = True

    def __init__(self, log: ServedLog, *, read_only: bool) -> None:
        """Connect; the rights are those of the audit role, where it is ours to take."""
        self._log, self._read_only, self._held = log, read_only, False
        self.connection = self._connect()
        self.reader = self.connection if read_only else self._connect()
        self.place = f"{self.connection.place} schema {log.schema}"

    @classmethod
    def open(cls, log: ServedLog, meta: Mapping[str, str]) -> "ServedShelf":
        """Open it for writing; make it if it is not there.

        Raises:
            StorageError: nothing answers, or it would not do it.
        """
        with contextlib.suppress(ExistsError):
            storage.fill_postgres(log.address, _layout(meta, SERVED_FENCES), schema=log.schema)
        return cls(log, read_only=False)

    @classmethod
    def read(cls, log: ServedLog) -> "ServedShelf":
        """Open it for reading."""
        return cls(log, read_only=True)

    def begin(self) -> None:
        """Take the turn; it is lost with the connection.

        Raises:
            BusyError: another has it for longer than the database lets one wait.
        """
        if self._held:
            return
        if not self.connection.alive:
            self.reader.close()
            self.connection, self.reader = self._connect(), self._connect()
        try:
            self._turn("pg_advisory_lock")
        except StorageError as error:
            msg = f"{self.place}: another process is writing and does not end ({error})"
            raise BusyError(msg) from error
        self._held = True

    def end(self) -> None:
        """Give the turn back; with a lost connection it is gone already."""
        if self._held:
            self._held = False
            with contextlib.suppress(StorageError):
                self._turn("pg_advisory_unlock")

    def mark(self, head: str) -> None:
        """Nothing: the database has no place that its log's writers could not change as well."""

    def close(self) -> None:
        """Close the connections; the turn goes with them."""
        if self.reader is not self.connection:
            self.reader.close()
        self.connection.close()

    def _connect(self) -> "PostgresConnection":
        connection = storage.connect_postgres(self._log.address, read_only=self._read_only, schema=self._log.schema)
        connection.become(AUDIT_ROLE)
        return connection

    def _turn(self, function: str) -> None:
        name = f"jukisim/{self._log.schema}"
        self.connection.select(f"SELECT {function}(hashtextextended(:name, 0))", {"name": name})


def _layout(meta: Mapping[str, str], fences: tuple[str, ...]) -> storage.Layout:
    rows = pl.DataFrame(sorted(meta.items()), schema=META.polars, orient="row")
    tables = {EVENT_LIVE: EVENT_LIVE.empty(), SHOWN_LIVE: SHOWN_LIVE.empty(), META: rows}
    return storage.Layout(tables, INDEXES, after=fences)


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
