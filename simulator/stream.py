"""A run played at any speed into a pipe, a file, syslog, HTTP or Kafka, from where a broken connection left off.

Sinks that acknowledge (file, HTTP, Kafka) get every event at least once, each with its stable event_id; a cursor file
holds the last one acknowledged, and a second call goes on after it. Syslog over UDP, and over TCP, where nobody
acknowledges, is best effort: what was in flight when a connection broke may be lost.
"""

import http.client
import importlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self, cast
from urllib.parse import urlsplit

import polars as pl

from simulator import storage
from simulator.dataset import Dataset
from simulator.errors import StorageError, UnknownNameError, UsageError
from simulator.export import Run
from simulator.export.formats import cef, ecs, elasticsearch, hec, ocsf, sentinel, syslog

Texts = Callable[[pl.DataFrame], pl.Series]
FORMATS: dict[str, Texts] = {
    "cef": cef.messages, "ecs": ecs.MAPPING.documents, "elasticsearch": elasticsearch.bulk,
    "hec": hec.MAPPING.documents, "ocsf": ocsf.documents, "sentinel": sentinel.messages,
    "syslog": syslog.messages,
}  # fmt: skip
BATCH = 500
"""Events that are sent, and acknowledged, together."""
ASSUMED_TRIES = 5
ASSUMED_TIMEOUT_S = 10.0
_FIRST_WAIT_S = 0.2
_LONGEST_WAIT_S = 5.0
_LOOK_BACK = 65_536


class Sink(Protocol):
    """Where lines go."""

    def send(self, lines: list[bytes]) -> None:
        """Send `lines`; returns when they are acknowledged, where anybody does.

        Raises:
            OSError: they could not be delivered.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(slots=True)
class FileSink:
    """A file or standard output, appended to and flushed.

    Attributes:
        out: opened to append, a file of ours without a buffer.
        ours: whether it is a file, of which a batch that the disk would not take whole is cut off again.
    """

    out: BinaryIO
    ours: bool = True

    @classmethod
    def at(cls, path: Path) -> Self:
        """The file `path`; half a line that a killed process left at its end goes."""
        made = cls(cast("BinaryIO", path.open("ab", buffering=0)))
        with path.open("rb") as known:
            made.out.truncate(_end_of_lines(known))
        return made

    def send(self, lines: list[bytes]) -> None:
        """Append `lines`, all or none."""
        end = os.fstat(self.out.fileno()).st_size if self.ours else 0
        left = memoryview(b"".join(line + b"\n" for line in lines))
        try:
            while left:
                left = left[self.out.write(left) :]
            self.out.flush()
        except OSError:
            if self.ours:
                self.out.truncate(end)
            raise

    def close(self) -> None:
        """Close a file of ours."""
        if self.ours:
            self.out.close()


def _end_of_lines(file: BinaryIO) -> int:
    """Where the last whole line of `file` ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - _LOOK_BACK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


@dataclass(slots=True)
class SyslogSink:
    """Syslog over UDP (one message a datagram, RFC 5426) or TCP (octet counting, RFC 6587)."""

    address: tuple[str, int]
    tcp: bool
    connection: socket.socket | None = None

    def send(self, lines: list[bytes]) -> None:
        """Send `lines`; best effort."""
        if self.connection is None:
            self.connection = self._connect()
        try:
            if self.tcp:
                self.connection.sendall(b"".join(b"%d %s" % (len(line), line) for line in lines))
            else:
                for line in lines:
                    self.connection.send(line)
        except OSError:
            self.close()
            raise

    def _connect(self) -> socket.socket:
        if self.tcp:
            return socket.create_connection(self.address, timeout=ASSUMED_TIMEOUT_S)
        family, kind, protocol, _, place = socket.getaddrinfo(*self.address, type=socket.SOCK_DGRAM)[0]
        made = socket.socket(family, kind, protocol)
        made.connect(place)
        return made

    def close(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass(slots=True)
class HttpSink:
    """HTTP bulk: each batch is one POST; a status of 2xx acknowledges it."""

    url: str
    token: str | None

    def send(self, lines: list[bytes]) -> None:
        """Post `lines` as one body."""
        place = urlsplit(self.url)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=ASSUMED_TIMEOUT_S)
        headers = {"Content-Type": "application/x-ndjson"}
        if self.token:
            headers["Authorization"] = self.token
        try:
            target = (place.path or "/") + (f"?{place.query}" if place.query else "")
            connection.request("POST", target, b"\n".join(lines) + b"\n", headers)
            status = connection.getresponse().status
        except http.client.HTTPException as error:
            raise OSError(str(error) or type(error).__name__) from error
        finally:
            connection.close()
        if not 200 <= status < 300:  # noqa: PLR2004 - the class of success
            msg = f"{self.url} answered {status}"
            raise OSError(msg)

    def close(self) -> None:
        """Nothing is kept open."""


@dataclass(slots=True)
class KafkaSink:
    """A Kafka topic: a batch is acknowledged when all replicas in sync have it (acks=all, idempotent producer).

    Events keep their order within a partition. Run in the tests against the broker that librdkafka brings for tests,
    which speaks the protocol on the loopback; not against a cluster.

    Attributes:
        servers: host:port, joined by commas.
        topic: its name.
        producer: made at the first batch.
    """

    servers: str
    topic: str
    producer: Any = None

    def send(self, lines: list[bytes]) -> None:
        """Send `lines` as one message each."""
        if self.producer is None:
            self.producer = _kafka().Producer(
                {"bootstrap.servers": self.servers, "acks": "all", "enable.idempotence": True, "log_level": 0,
                 "delivery.timeout.ms": int(ASSUMED_TIMEOUT_S * 1000)}
            )  # fmt: skip
        failed: list[str] = []

        def told(error: object, _: object) -> None:
            if error is not None:
                failed.append(str(error))

        for line in lines:
            self.producer.produce(self.topic, line, on_delivery=told)
            self.producer.poll(0)
        left = self.producer.flush(ASSUMED_TIMEOUT_S + 1)
        if left or failed:
            msg = f"Kafka at {self.servers} took {len(lines) - left - len(failed)} of {len(lines)} messages"
            raise OSError(f"{msg}: {failed[0]}" if failed else msg)

    def close(self) -> None:
        """Let go of the producer; it holds nothing that was not acknowledged."""
        self.producer = None


def _kafka() -> Any:
    try:
        return importlib.import_module("confluent_kafka")
    except ImportError as error:
        raise UsageError("Kafka needs confluent-kafka: pip install 'jukisim[kafka]'") from error


def sink(to: str, stdout: BinaryIO, token: str | None = None) -> Sink:
    """The sink that `to` names: ``-``, a path, or an address as `cli.stream` lists them.

    Raises:
        UsageError: the address is none of these, or Kafka is asked for and the extra is not installed.
    """
    place = urlsplit(to)
    if to == "-":
        return FileSink(stdout, ours=False)
    if place.scheme in {"udp", "tcp"}:
        if not place.hostname or not place.port:
            msg = f"{to}: a host and a port are wanted, such as {place.scheme}://127.0.0.1:514"
            raise UsageError(msg)
        return SyslogSink((place.hostname, place.port), place.scheme == "tcp")
    if place.scheme in {"http", "https"}:
        return HttpSink(to, token)
    if place.scheme == "kafka":
        if not place.netloc or not place.path.strip("/"):
            msg = f"{to}: a broker and a topic are wanted, such as kafka://127.0.0.1:9092/audit"
            raise UsageError(msg)
        _kafka()
        return KafkaSink(place.netloc, place.path.strip("/"))
    if place.scheme:
        msg = f"{to}: no such kind of sink; wanted: -, a file, udp://, tcp://, http://, https:// or kafka://"
        raise UsageError(msg)
    return FileSink.at(Path(to))


@dataclass(frozen=True, slots=True)
class Played:
    """What was sent: events, and the last event_id acknowledged."""

    events: int
    last: int | None


def play(dataset: Dataset, form: str, to: Sink, *, speed: float = 0.0, cursor: Path | None = None,
         limit: int | None = None, sleep: Callable[[float], None] = time.sleep) -> Played:  # fmt: skip
    """Play the log of `dataset` into `to`.

    Args:
        dataset: the run.
        form: one of `FORMATS`.
        to: where it goes; closed at the end.
        speed: simulated seconds a second; 0: as fast as the sink takes it.
        cursor: file of the last event_id acknowledged: read at the start, written after each batch.
        limit: at most so many events.
        sleep: waits; another in tests.

    Raises:
        UnknownNameError: there is no such format.
        StorageError: the sink would not take a batch after several tries; the cursor says where to go on.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    sent, last, clock = 0, _read(cursor), _Clock(speed, sleep)
    with ExitStack() as stack:
        stack.callback(to.close)
        for events in _batches(dataset, last, limit, speed):
            clock.wait_for(int(events["at_ms"][0]))
            _deliver(to, [text.encode() for text in FORMATS[form](events)], sleep)
            sent, last = sent + events.height, int(events["event_id"][-1])
            if cursor is not None:
                storage.write_bytes(cursor, f"{last}\n".encode())
    return Played(sent, last)


def _batches(dataset: Dataset, after: int | None, limit: int | None, speed: float) -> Iterator[pl.DataFrame]:
    """Canonical events after `after`, at most `BATCH` at once; at a given speed only those of one second together."""
    left = limit
    for part in Run(dataset).events():
        rows = part if after is None else part.filter(pl.col("event_id") > after)
        rows = rows if left is None else rows.head(left)
        left = None if left is None else left - rows.height
        for some in _seconds(rows) if speed else [rows]:
            yield from some.iter_slices(BATCH)


def _seconds(rows: pl.DataFrame) -> list[pl.DataFrame]:
    timed = rows.with_columns(second=pl.col("at_ms") // 1000)
    return timed.partition_by("second", maintain_order=True, include_key=False) if rows.height else []


def _read(cursor: Path | None) -> int | None:
    if cursor is None or not cursor.is_file():
        return None
    text = cursor.read_text(encoding="ascii", errors="replace").strip()
    if not text.isdigit():
        msg = f"{cursor} holds no event_id; remove it to begin anew"
        raise UsageError(msg)
    return int(text)


def _deliver(to: Sink, lines: list[bytes], sleep: Callable[[float], None]) -> None:
    wait = _FIRST_WAIT_S
    for tries in range(1, ASSUMED_TRIES + 1):
        try:
            to.send(lines)
        except OSError as error:
            if tries == ASSUMED_TRIES:
                msg = f"the sink took nothing after {tries} tries: {error}; call again with the same --cursor to go on"
                raise StorageError(msg) from error
            sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_S)
        else:
            return


@dataclass(slots=True)
class _Clock:
    """Keeps to the speed: simulated time since the first event against time passed."""

    speed: float
    sleep: Callable[[float], None]
    first_ms: int | None = None
    started: float = 0.0

    def wait_for(self, at_ms: int) -> None:
        if not self.speed:
            return
        if self.first_ms is None:
            self.first_ms, self.started = at_ms, time.monotonic()
        due = (at_ms - self.first_ms) / 1000 / self.speed
        ahead = due - (time.monotonic() - self.started)
        if ahead > 0:
            self.sleep(ahead)
