"""The journal of a drill: everything anybody did, one entry after another, forced to disk before it is answered.

It only grows. What a team sees is always what the journal tells (`simulator.console.progress`), so a server or a
browser that dies loses nothing. One process writes it.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import filelock
import polars as pl

from simulator import storage
from simulator.clock import Clock, SystemClock, to_ms
from simulator.errors import DamagedError, StorageError
from simulator.schema import Column, Table

FORMAT = "1"
FILE = "journal.db"
ENTRY = Table(
    "entry",
    "演習記録",
    "One act of a drill.",
    ("seq",),
    (
        Column("seq", pl.Int64, "通番", "Number, from 1, without gaps."),
        Column("at_ms", pl.Int64, "時刻", "When, in milliseconds since 1970."),
        Column("team", pl.String, "班", "Team that did it; empty for the facilitator."),
        Column("member", pl.String, "氏名", "Who did it, as they named themselves."),
        Column("kind", pl.String, "種別", "What was done."),
        Column("body", pl.String, "内容", "The rest, as canonical JSON."),
    ),
)
META = Table(
    "meta",
    "付帯情報",
    "What the journal belongs to.",
    ("name",),
    (Column("name", pl.String, "名称", "Name of the value."), Column("value", pl.String, "値", "The value.")),
)
BEAT = Table(
    "beat",
    "稼働確認",
    "When the server was last seen running.",
    ("one",),
    (Column("one", pl.Int64, "番号", "Always 1."), Column("at_ms", pl.Int64, "時刻", "Milliseconds since 1970.")),
)
_FENCES = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the journal only grows: {verb} of {table} is forbidden'); END"
    for table in ("entry", "meta")
    for name, verb in (("unchanged", "UPDATE"), ("undeleted", "DELETE"))
)
_ADD = "INSERT INTO entry (seq, at_ms, team, member, kind, body) VALUES (:seq, :at_ms, :team, :member, :kind, :body)"
_BEAT = "UPDATE beat SET at_ms = :at_ms WHERE one = 1"


class BusyError(StorageError):
    """Another console serves this drill."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act.

    Attributes:
        seq: number, from 1.
        at_ms: when, in milliseconds since 1970.
        team: name of the team; empty for the facilitator and for the console itself.
        member: who, as they named themselves.
        kind: what was done; the kinds are the methods of `simulator.console.progress.Progress`.
        body: the rest.
    """

    seq: int
    at_ms: int
    team: str
    member: str
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


class Journal:
    """An open journal; `open` is the way in."""

    def __init__(self, path: Path, lock: filelock.BaseFileLock, clock: Clock) -> None:
        """Hold the file `path`, which `lock` keeps for this process."""
        self._lock, self._clock, self._turn = lock, clock, threading.Lock()
        self._file = storage.connect_journal(path)
        self.path = path
        self.entries = [_read(row) for row in self._file.select("SELECT * FROM entry ORDER BY seq", {})]
        self.meta = {row["name"]: row["value"] for row in self._file.select("SELECT name, value FROM meta", {})}
        self.last_beat_ms = int(self._file.select("SELECT at_ms FROM beat", {})[0]["at_ms"])

    @classmethod
    def open(cls, folder: Path, meta: Mapping[str, str], clock: Clock | None = None) -> Self:
        """Open the journal in `folder` for writing; make it, of the drill that `meta` tells, if it is not there.

        Raises:
            BusyError: another process has it open.
            DamagedError: it belongs to another drill.
            StorageError: the disk would not take it.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # codes are in it
        path, lock = folder / FILE, _locked(folder)
        try:
            if not path.exists():
                storage.create_database(path, _layout({"format": FORMAT, **meta}))
            found = cls(path, lock, clock or SystemClock())
            found._check_of({"format": FORMAT, **meta})
        except BaseException:
            lock.release()
            raise
        return found

    def _check_of(self, meta: Mapping[str, str]) -> None:
        for name, value in meta.items():
            if self.meta.get(name) != value:
                self._file.close()
                msg = (
                    f"{self.path} is the record of another drill ({name} {self.meta.get(name)!r}, here {value!r}); "
                    f"move its folder away to begin this drill"
                )
                raise DamagedError(msg)

    def now_ms(self) -> int:
        """The present, in milliseconds since 1970; never before the last entry."""
        present = to_ms(self._clock.now())
        return max(present, self.entries[-1].at_ms) if self.entries else present

    def add(self, kind: str, team: str = "", member: str = "", /, **body: Any) -> Entry:
        """Record an act; when this returns it is on the disk.

        Raises:
            StorageError: the disk would not take it. Nothing was recorded.
        """
        with self._turn:
            entry = Entry(len(self.entries) + 1, self.now_ms(), team, member, kind, body)
            with self._file.transaction():
                self._file.execute(_ADD, [_row(entry)])
            self.entries.append(entry)
        return entry

    def beat(self) -> None:
        """Note that the server still runs: after a crash the clock of the drill goes on from here."""
        with self._turn, self._file.transaction():
            self._file.execute(_BEAT, [{"at_ms": to_ms(self._clock.now())}])

    def close(self) -> None:
        """Close the file and let another process write."""
        self._file.close()
        self._lock.release()


def _locked(folder: Path) -> filelock.BaseFileLock:
    lock = filelock.FileLock(folder / "journal.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        msg = f"{folder}: another console serves this drill; stop it first, or use the one that runs"
        raise BusyError(msg) from error
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror or error}"
        raise StorageError(msg) from error
    return lock


def _layout(meta: Mapping[str, str]) -> storage.Layout:
    known = pl.DataFrame(sorted(meta.items()), schema=META.polars, orient="row")
    beat = pl.DataFrame({"one": [1], "at_ms": [0]}, schema=BEAT.polars)
    return storage.Layout({META: known, ENTRY: ENTRY.empty(), BEAT: beat}, after=_FENCES)


def _row(entry: Entry) -> dict[str, Any]:
    body = json.dumps(entry.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "seq": entry.seq, "at_ms": entry.at_ms, "team": entry.team, "member": entry.member, "kind": entry.kind,
        "body": body,
    }  # fmt: skip


def _read(row: Mapping[str, Any]) -> Entry:
    return Entry(row["seq"], row["at_ms"], row["team"], row["member"], row["kind"], json.loads(row["body"]))
