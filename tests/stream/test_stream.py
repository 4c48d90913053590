"""A run played into real servers on the loopback: everything arrives, and goes on where it broke off."""

import io
import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import confluent_kafka
import pytest

from simulator import stream
from simulator.errors import StorageError, UnknownNameError, UsageError

SOME = 1_200


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Collector(HTTPServer):
    """Takes bulk posts, and refuses those whose number is in `refuse`."""

    def __init__(self, refuse=()):
        super().__init__(("127.0.0.1", 0), Post)
        self.refuse, self.posts, self.taken, self.headers = set(refuse), 0, [], []


class Post(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts += 1
        self.server.headers.append(self.headers["Authorization"])
        refused = self.server.posts in self.server.refuse
        if not refused:
            self.server.taken += [json.loads(line)["event"]["id"] for line in body.splitlines()]
        self.send_response(503 if refused else 200)
        self.end_headers()

    def log_message(self, *args):
        pass


def url(server):
    return f"http://127.0.0.1:{server.server_port}/ingest"


def ids(mini, count=None):
    rows = mini.table("event")["event_id"].cast(str).to_list()
    return rows[:count]


def test_http_takes_every_event_though_it_refuses_at_times(mini):
    """Posts refused with 503 are sent again; nothing is lost, nothing repeated."""
    with served(Collector(refuse=(1, 3))) as server:
        played = stream.play(
            mini, "ecs", stream.sink(url(server), io.BytesIO(), "Bearer x"), limit=SOME, sleep=lambda _: None
        )
    assert server.taken == ids(mini, SOME)
    assert (played.events, set(server.headers)) == (SOME, {"Bearer x"})


def test_stream_goes_on_after_a_broken_connection(mini, tmp_path):
    """A sink that is gone stops it with one clear line; the next call with the cursor goes on at the next event."""
    cursor = tmp_path / "cursor"
    with served(Collector(refuse=range(2, 20))) as server:
        with pytest.raises(StorageError, match=r"after 5 tries.*--cursor"):
            stream.play(
                mini, "ecs", stream.sink(url(server), io.BytesIO()), cursor=cursor, limit=SOME, sleep=lambda _: None
            )
        assert len(server.taken) == stream.BATCH
        server.refuse = set()
        stream.play(mini, "ecs", stream.sink(url(server), io.BytesIO()), cursor=cursor, sleep=lambda _: None)
    assert server.taken == ids(mini)
    assert cursor.read_text().strip() == ids(mini)[-1]


def test_syslog_over_udp(mini):
    """Each datagram is one message of RFC 5424."""
    got = []

    class Receive(socketserver.BaseRequestHandler):
        def handle(self):
            got.append(self.request[0])

    with served(socketserver.UDPServer(("127.0.0.1", 0), Receive)) as server:
        to = stream.sink(f"udp://127.0.0.1:{server.server_address[1]}", io.BytesIO())
        stream.play(mini, "syslog", to, limit=20)
        threading.Event().wait(0.5)
    assert got
    assert all(message.startswith(b"<110>1 ") for message in got)


def test_syslog_over_tcp_counts_octets(mini):
    """Messages are framed by their length (RFC 6587), all of them arrive when the connection holds."""
    got = bytearray()
    done = threading.Event()

    class Receive(socketserver.BaseRequestHandler):
        def handle(self):
            while chunk := self.request.recv(65536):
                got.extend(chunk)
            done.set()

    with served(socketserver.TCPServer(("127.0.0.1", 0), Receive)) as server:
        to = stream.sink(f"tcp://127.0.0.1:{server.server_address[1]}", io.BytesIO())
        stream.play(mini, "syslog", to, limit=SOME)
        assert done.wait(10)
    messages, rest = [], bytes(got)
    while rest:
        length, _, rest = rest.partition(b" ")
        messages.append(rest[: int(length)])
        rest = rest[int(length) :]
    assert len(messages) == SOME
    assert all(message.startswith(b"<110>1 ") and message.endswith(b"]") for message in messages)


@pytest.fixture
def broker():
    """Address of the broker that librdkafka brings for tests: the real protocol on the loopback."""
    owner = confluent_kafka.Producer({"bootstrap.servers": "-", "test.mock.num.brokers": 1, "log_level": 0})
    (found,) = owner.list_topics(timeout=10).brokers.values()
    yield f"{found.host}:{found.port}"
    owner.flush(0)


def test_kafka_takes_every_event(mini, broker):
    """Every event is one acknowledged message of the topic, and a consumer reads all of them back."""
    played = stream.play(mini, "ecs", stream.sink(f"kafka://{broker}/audit", io.BytesIO()), limit=SOME)
    assert played.events == SOME
    settings = {"bootstrap.servers": broker, "group.id": "test", "auto.offset.reset": "earliest", "log_level": 0}
    consumer, got = confluent_kafka.Consumer(settings), []
    consumer.subscribe(["audit"])
    while len(got) < SOME:
        messages = consumer.consume(SOME, timeout=10)
        assert messages, f"only {len(got)} of {SOME} came"
        got += [json.loads(message.value())["event"]["id"] for message in messages if not message.error()]
    consumer.close()
    assert sorted(got, key=int) == ids(mini, SOME)


def test_kafka_that_is_gone_is_named(mini, monkeypatch):
    """A broker that does not answer gives one clear line after several tries."""
    monkeypatch.setattr(stream, "ASSUMED_TIMEOUT_S", 0.3)
    monkeypatch.setattr(stream, "ASSUMED_TRIES", 2)
    to = stream.sink("kafka://127.0.0.1:1/audit", io.BytesIO())
    with pytest.raises(StorageError, match=r"Kafka at 127.0.0.1:1 took 0 of 20"):
        stream.play(mini, "ecs", to, limit=20, sleep=lambda _: None)


def test_file_is_appended_to(mini, tmp_path):
    """Two calls with a cursor write every event once into one file."""
    for limit in (700, None):
        to = stream.sink(str(tmp_path / "log.jsonl"), io.BytesIO())
        stream.play(mini, "hec", to, cursor=tmp_path / "cursor", limit=limit)
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [str(json.loads(line)["event"]["event_id"]) for line in lines] == ids(mini)


def test_speed_is_kept(mini):
    """At a thousand times the speed it waits for the thousandth part of the time between events."""
    waited = []
    stream.play(mini, "ecs", stream.FileSink(io.BytesIO(), ours=False), speed=1000, limit=30, sleep=waited.append)
    at = mini.table("event")["at"].head(30)
    assert max(waited) == pytest.approx((at[-1] - at[0]).total_seconds() / 1000, abs=3)


def test_wrong_sinks_are_named(mini, tmp_path):
    """An unknown kind, a missing port, an unknown format and a broken cursor each give one line."""
    for to, what in (("amqp://x", "no such kind"), ("kafka://x", "broker and a topic"), ("udp://x", "host and a port")):
        with pytest.raises(UsageError, match=what):
            stream.sink(to, io.BytesIO())
    with pytest.raises(UnknownNameError, match="format"):
        stream.play(mini, "xml", stream.FileSink(io.BytesIO(), ours=False))
    (tmp_path / "cursor").write_text("beans")
    with pytest.raises(UsageError, match="no event_id"):
        stream.play(mini, "ecs", stream.FileSink(io.BytesIO(), ours=False), cursor=tmp_path / "cursor")
