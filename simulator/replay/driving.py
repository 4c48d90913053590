"""Requests over HTTP, one after another, each session under its own token; a replay that broke off goes on."""

import http.client
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from simulator import storage
from simulator.errors import StorageError, UsageError
from simulator.replay.asking import Row, Step

_CREATED, _UNAUTHORIZED = 201, 401
_UNRECORDED = ("unauthorized", "bad_value", "session_over")
TIMEOUT_S = 30.0
Staff = Callable[[Row], dict[str, Any]]
"""The body of the log-on of whoever made an event."""


@dataclass(slots=True)
class Line:
    """A connection to a server, kept open.

    Attributes:
        address: such as http://127.0.0.1:8482.
    """

    address: str
    _open: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Row]:
        """Status and JSON document of the answer.

        Raises:
            StorageError: the server is not there, or answers nothing that can be read.
        """
        stated = {"Content-Type": "application/json", **{name: _latin(text) for name, text in headers.items()}}
        try:
            connection = self._opened()
            connection.request(method, path, json.dumps(body, default=str) if body is not None else None, stated)
            answer = connection.getresponse()
            told = answer.read()
            return answer.status, json.loads(told) if told else {}
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            self.close()
            msg = f"{self.address} does not answer as a jukisim server ({type(error).__name__}: {error})"
            raise StorageError(msg) from error

    def _opened(self) -> http.client.HTTPConnection:
        if self._open is None:
            place = urlsplit(self.address)
            if place.scheme not in ("http", "https") or not place.hostname:
                msg = f"{self.address}: an address such as http://127.0.0.1:8482 is wanted; jukisim serve says it"
                raise UsageError(msg)
            kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
            self._open = kind(place.hostname, place.port, timeout=TIMEOUT_S)
        return self._open

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


def _latin(text: str) -> str:
    """A header's text; what HTTP cannot carry is left out."""
    return text.encode("latin-1", "ignore").decode("latin-1")


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one step.

    Attributes:
        step: the step.
        code: of the answer: ok, or why not; empty if it was not asked.
        event: number of the event in the server's log, where the answer says it.
        hits: residents that a search found, where the answer says it.
        rows: how many it showed.
        opened: requests that had to be made before it: a log-on where the session was not open at the server, and
            what an approval releases.
    """

    step: Step
    code: str = ""
    event: int | None = None
    hits: int | None = None
    rows: int = 0
    opened: int = 0

    @property
    def recorded(self) -> bool:
        """Whether the server has an event of it."""
        return bool(self.code) and self.code not in _UNRECORDED


@dataclass(slots=True)
class Pace:
    """Waits so that simulated time goes by at a speed.

    Attributes:
        speed: simulated seconds a second; 0: as fast as the server answers.
    """

    speed: float = 0.0
    _start: tuple[float, datetime] | None = None

    def wait_for(self, at: datetime) -> None:
        """Wait until it is `at`."""
        if not self.speed:
            return
        if self._start is None:
            self._start = time.monotonic(), at
        began, first = self._start
        time.sleep(max(0.0, began + (at - first).total_seconds() / self.speed - time.monotonic()))


@dataclass(slots=True)
class Desk:
    """Sessions and pending requests as the server has them.

    Attributes:
        line: to the server.
        at: told the time of each step before it is asked: sets a clock that is ours.
        pace: how fast.
        cursor: file of the last event asked: read at the start of a day, written after each event.
        tokens: of the open sessions, by their number in the run.
        waiting: number of the event that waits for an approval, by purpose and resident.
    """

    line: Line
    at: Callable[[datetime], None] = lambda _: None
    pace: Pace = field(default_factory=Pace)
    cursor: Path | None = None
    tokens: dict[int, str] = field(default_factory=dict)
    waiting: dict[tuple[str, bytes | None], int] = field(default_factory=dict)

    def day(self, steps: Iterable[Step], staff: Staff) -> list[Replayed]:
        """Ask every step of a day that can be asked, in order; what became of each.

        Args:
            steps: of whole days.
            staff: the log-on of whoever made an event, where their session has to be opened again.

        Raises:
            StorageError: the server went away.
            UsageError: the cursor is none.
        """
        done, last = [], _read(self.cursor)
        for step in steps:
            number = step.event["event_id"]
            if number <= last:
                continue
            self.pace.wait_for(step.event["at"])
            self.at(step.event["at"])
            done.append(Replayed(step) if step.why_not else self.do(step, staff))
            if self.cursor is not None:
                storage.write_bytes(self.cursor, f"{number}\n".encode())
        return done

    def do(self, step: Step, staff: Staff) -> Replayed:
        """Ask `step`, after what it needs."""
        session = step.event["session_id"]
        if step.question == "login":
            return Replayed(step, self._log_on(session, dict(step.body)))
        opened = 0
        if step.first is not None and not step.first.why_not:
            opened += 1 + self.do(step.first, staff).opened
        if session not in self.tokens:
            opened += 1
            if (code := self._log_on(session, staff(step.event))) != "ok":
                return Replayed(step, code, opened=opened)
        if step.question == "logout":
            status, told = self._asked("DELETE", "/v1/session", None, session, {})
            del self.tokens[session]
            return Replayed(step, told.get("code", "ok" if status < 300 else str(status)), opened=opened)  # noqa: PLR2004 - success
        return self._answered(step, session, staff, opened)

    def _answered(self, step: Step, session: int, staff: Staff, opened: int) -> Replayed:
        body = dict(step.body)
        if step.question == "approve":
            body = {"event": self.waiting.get(body["event"], 1)}
        path = f"/v1/{step.question}"
        status, told = self._asked("POST", path, body, session, step.headers)
        if status == _UNAUTHORIZED and self._log_on(session, staff(step.event)) == "ok":  # it was open for too long
            opened += 1
            status, told = self._asked("POST", path, body, session, step.headers)
        if told.get("code") == "approval_needed":
            self.waiting[step.event["purpose"], step.event["resident"]] = told["event"]
        return Replayed(
            step, told.get("code", str(status)), told.get("event"), told.get("hits"), len(told.get("rows", [])), opened
        )

    def _asked(self, method: str, path: str, body: Any, session: int, headers: dict[str, str]) -> tuple[int, Row]:
        return self.line.ask(method, path, body, {**headers, "Authorization": f"Bearer {self.tokens[session]}"})

    def _log_on(self, session: int, body: dict[str, Any]) -> str:
        status, told = self.line.ask("POST", "/v1/session", body, {})
        if status == _CREATED:
            self.tokens[session] = told["token"]
            return "ok"
        return str(told.get("code", status))


def _read(cursor: Path | None) -> int:
    if cursor is None or not cursor.is_file():
        return 0
    text = cursor.read_text(encoding="utf-8").strip()
    if not text.isdecimal():
        msg = f"{cursor} holds no event number; remove it to begin anew"
        raise UsageError(msg)
    return int(text)
