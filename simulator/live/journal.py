"""The live log of one municipality: one event after another, each chained and forced to disk before it is answered.

An event is numbered and linked when it is prepared and acknowledged when it is committed; many may be committed
together. What was not committed is gone, and the numbers with it.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from simulator.errors import DamagedError
from simulator.live import chain
from simulator.live.checkpoint import CHECKPOINT_EVENTS, CHECKPOINT_SECONDS, LiveCheckpoint
from simulator.live.shelf import BusyError, FileShelf, ServedLog, ServedShelf, Shelf
from simulator.live.tables import EVENT_LIVE, SHOWN_LIVE

FORMAT = "1"
_EVENT, _SHOWN = (
    f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES ({', '.join(f':{n}' for n in table.names)})"  # noqa: S608 - names of declared columns only
    for table in (EVENT_LIVE, SHOWN_LIVE)
)


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


__all__ = ["BusyError", "Entry", "Head", "Journal", "Prepared", "ServedLog", "canonical"]


class Journal:
    """An open live log.

    In a file one process writes. In PostgreSQL several do, in turns: a turn begins with `begin` or the first `prepare`
    and ends when all that was prepared is committed or forgotten.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Hold the open `shelf`; `open` and `read` are the ways in."""
        self._shelf = shelf
        rows = shelf.connection.select("SELECT name, value FROM meta", {})
        self.meta: dict[str, str] = {row["name"]: row["value"] for row in rows}
        self._committed = self._last()
        self._head = self._known = self._committed  # what is prepared; what was last read again, or written by us
        self._ours = False  # the turn, and what was written before it has been looked at
        self._order, self._marked, self._marked_s = threading.Lock(), self._committed.event_id, time.monotonic()

    @classmethod
    def open(cls, place: Path | ServedLog, meta: Mapping[str, str], wait_s: float = 0.0) -> Self:
        """Open the log at `place` for writing; make it with `meta` if it is not there.

        Args:
            place: the SQLite file, or where in PostgreSQL.
            meta: what the log belongs to; at least ``root`` and ``first_event``.
            wait_s: how long to wait for another writer of a file to finish, in seconds.

        Raises:
            BusyError: another process writes it.
            DamagedError: it belongs to another run, or is damaged.
            StorageError: the disk or database would not take it.
        """
        whole = {"format": FORMAT, **meta}
        shelf = ServedShelf.open(place, whole) if isinstance(place, ServedLog) else FileShelf.open(place, whole, wait_s)
        try:
            found = cls(shelf)
            found.check_of(meta)
        except BaseException:
            shelf.close()
            raise
        return found

    @classmethod
    def read(cls, place: Path | ServedLog) -> Self:
        """Open the log at `place` for reading.

        Raises:
            MissingError: there is none.
            DamagedError: it is damaged.
        """
        return cls(ServedShelf.read(place) if isinstance(place, ServedLog) else FileShelf.read(place))

    @property
    def place(self) -> str:
        """Where it is, for messages; without a password."""
        return self._shelf.place

    def check_of(self, meta: Mapping[str, str]) -> None:
        """Raise DamagedError unless the log belongs to the run of `meta`."""
        if self.meta.get("format") != FORMAT:
            msg = f"{self.place} has layout {self.meta.get('format')}; this version reads layout {FORMAT}"
            raise DamagedError(msg)
        if self.meta.get("root") != meta["root"]:
            msg = f"{self.place} belongs to the run {self.meta.get('root', '')[:16]}…, not to {meta['root'][:16]}…"
            raise DamagedError(msg)

    @property
    def head(self) -> Head:
        """The end of what is committed."""
        return self._committed

    @property
    def genesis(self) -> Head:
        """Where the log begins: the number before its first event, and the root of its run as the first link."""
        return Head(int(self.meta["first_event"]) - 1, bytes.fromhex(self.meta["root"]))

    def begin(self) -> bool:
        """Take the turn to write until what is prepared is committed or forgotten.

        Returns:
            Whether others have written since `reset` or our last turn: what was made of the log must be read again.

        Raises:
            BusyError: another process has the turn and does not end.
            StorageError: the database is gone.
        """
        with self._order:
            self._begin()
            return self._head == self._committed != self._known

    def _begin(self) -> None:
        if self._ours or self._head != self._committed or not self._shelf.shared:
            return
        self._shelf.begin()
        self._head = self._committed = self._last()
        self._ours = True

    def rest(self) -> None:
        """Give the turn back unless something is prepared: nothing will be recorded in it."""
        with self._order:
            self._rest()

    def _rest(self) -> None:
        if self._head == self._committed:
            self._end()

    def _end(self) -> None:
        self._ours = False
        self._shelf.end()

    def prepare(self, entry: Entry) -> Prepared:
        """Number and link the next event; it counts once `commit` has it.

        Raises:
            DamagedError: a value is not of its column.
            BusyError, StorageError: as of `begin`.
        """
        with self._order:
            self._begin()
            number = self._head.event_id + 1
            row = {**entry.event, "event_id": number, "detail": canonical(entry.detail)}
            try:
                link = chain.link(self._head.link, chain.record(row, entry.shown, row["detail"]))
            except DamagedError:
                self._rest()
                raise
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
        connection = self._shelf.connection
        with connection.transaction():
            if not self._shelf.shared and self._last() != self._committed:  # a turn was begun with a look at it
                msg = f"{self.place} was written by another process; nothing was recorded"
                raise BusyError(msg)
            connection.execute(_EVENT, (each.row for each in prepared))
            connection.execute(_SHOWN, (row for each in prepared for row in each.people))
        with self._order:
            before, self._committed = self._committed, Head(prepared[-1].event_id, prepared[-1].row["link"])
            if self._known == before:
                self._known = self._committed
            self._rest()
        if self._is_due():
            self._mark()

    def _is_due(self) -> bool:
        events, seconds = self._committed.event_id - self._marked, time.monotonic() - self._marked_s
        return events >= CHECKPOINT_EVENTS or seconds >= CHECKPOINT_SECONDS

    def _mark(self) -> None:
        """Let the head lie with the log."""
        head, town = self._committed, self.meta.get("municipality", "")
        self._shelf.mark(LiveCheckpoint(town, head.event_id, head.link).to_text())
        self._marked, self._marked_s = head.event_id, time.monotonic()

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
        """Forget what was prepared and not committed; whoever calls this reads the log again."""
        with self._order:
            self._head = self._known = self._committed
            self._end()

    def select(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What `sql` finds in what is committed; it may be asked while another thread commits.

        Raises:
            StorageError, DamagedError: it cannot be read.
        """
        return self._shelf.reader.select(sql, values)

    def close(self) -> None:
        """Write the head down, close it and let another process write."""
        try:
            if self._committed.event_id != self._marked:
                self._mark()
        finally:
            self._shelf.close()

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _last(self) -> Head:
        rows = self._shelf.connection.select("SELECT event_id, link FROM event ORDER BY event_id DESC LIMIT 1", {})
        return Head(rows[0]["event_id"], rows[0]["link"]) if rows else self.genesis
