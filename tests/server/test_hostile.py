# ruff: noqa: E501 (tables are read a row a line)
"""Hostile input over HTTP: a clear problem document, never a 500, never a row without an event."""

import json
from datetime import timedelta

import live_run
import pytest
from served import log_on, served

from simulator.live.desk import Live
from simulator.live.verification import verify_live
from simulator.server.problems import MEDIA


@pytest.fixture(scope="module")
def live(hall_folders, tmp_path_factory):
    """One run in use for all of it; afterwards its log must hold."""
    with Live.open(live_run.link(hall_folders, tmp_path_factory.mktemp("hostile")), clock=live_run.clock()) as opened:
        yield opened
        assert verify_live(live_run.live_file(opened), opened.run.root) == []
        assert count(opened) > 20


@pytest.fixture(scope="module")
def client(live):
    """A client of its server."""
    with served(live) as made:
        yield made


@pytest.fixture(scope="module")
def headers(client, live):
    """A session of a clerk."""
    return log_on(client, live_run.staff(live, "R01"), "resident_certificate")


@pytest.fixture(autouse=True)
def later(live):
    """Time goes on between tests."""
    live.clock.at += timedelta(seconds=2)


def count(live):
    return live.journal.select("SELECT count(*) AS n FROM event")[0]["n"]


HOSTILE = {
    "negative": b'{"kana":-1}', "huge number": b'{"kana":99999999999999999999999}', "2^63": b'{"kana":9223372036854775808}',
    "float": b'{"kana":1e308}', "null": b'{"kana":null}', "null beside": b'{"kana":"a","match":null}', "list": b'{"kana":["a"]}',
    "object": b'{"kana":{"a":1}}',
    "bool": b'{"kana":true}', "no object": b"[]", "text": b'"kana"', "empty": b"", "cut": b'{"kana":"', "nan": b'{"kana":NaN}',
    "nul": b'{"kana":"\\u0000"}', "control": b'{"kana":"a\\u0007b"}', "half": b'{"kana":"\\ud800"}', "not utf-8": b'{"kana":"\xff"}',
    "10 kB": json.dumps({"kana": "ア" * 10_000}).encode(), "100 kB": b'{"kana":"' + b"a" * 100_000 + b'"}',
    "deep": b"[" * 5_000 + b"]" * 5_000, "unknown field": b'{"kana":"a","more":1}', "twice": b'{"kana":"a","kana":""}',
    "empty text": b'{"kana":""}', "spaces": '{"kana":"　 "}'.encode(), "wrong together": b'{"kana":"a","address":"b"}',
    "nothing": b"{}", "bad day": b'{"birth":"2025-02-30"}', "day 0": b'{"birth":"0000-00-00"}', "era": '{"birth":"令和7年1月1日"}'.encode(),
    "short code": b'{"resident_code":"123"}', "long code": b'{"resident_code":"123456789012345678901234567890"}',
    "letters": b'{"my_number":"12345678901x"}', "bad match": b'{"kana":"a","match":"regex"}',
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies_are_named(client, live, headers, body):
    before = count(live)
    found = client.post("/v1/search", content=body, headers=headers)
    assert found.status_code in (400, 413, 422), found.text
    assert found.headers["content-type"] == MEDIA
    assert found.json()["code"] in ("bad_json", "body_too_long", "bad_value")
    assert count(live) == before


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "'; DROP TABLE event; --"}, {"name": "%"}, {"name": "_", "match": "partial"}, {"name": '"', "match": "partial"},
        {"kana": "NEAR(a b)", "match": "partial"}, {"kana": "* OR 1=1", "match": "prefix"}, {"name": "葛󠄀城", "match": "prefix"},
        {"name": "𠮷", "match": "partial"}, {"kana": "ｻﾄｳ", "match": "prefix"}, {"kana": "さとう", "match": "prefix"},
        {"name": "\u202e逆", "match": "partial"}, {"name": "e\u0301", "match": "partial"}, {"name": "👪", "match": "partial"},
        {"resident_code": "１２３４５６７８９０１"}, {"my_number": "1234 5678 9012"}, {"birth": "１９８５-０４-０１"},
        {"address": "../../etc/passwd", "match": "partial"}, {"name": "=HYPERLINK(1)"}, {"name": "a" * 200},
        {"name": "-" * 200, "match": "partial"}, {"birth": "0001-01-01"}, {"birth": "9999-12-31"},
    ],
    ids=str,
)  # fmt: skip
def test_hostile_texts_are_only_text(client, live, headers, typed):
    before = count(live)
    found = client.post("/v1/search", json=typed, headers=headers)
    assert found.status_code == 200, found.text
    assert count(live) == before + 1
    assert live.journal.select("SELECT count(*) AS n FROM event")[0]["n"] == before + 1


@pytest.mark.parametrize(
    "value", ["1BAD", "x" * 26, "", "1" + "Z" * 24 + "0", "\u0000", "ア" * 26, "1" * 10_000, 2**63, None, -1]
)
def test_pseudonyms_that_are_none(client, live, headers, value):
    before = count(live)
    found = client.post("/v1/view", json={"resident": value}, headers=headers)
    assert (found.status_code, found.json()["code"]) == (422, "bad_value"), found.text
    assert found.headers["content-type"] == MEDIA
    assert count(live) == before


@pytest.mark.parametrize(("name", "value"), [("X-Case-No", "9" * 65), ("X-Case-No", "a\x01"), ("X-Grounds", "whim")])
def test_hostile_headers_are_named(client, headers, name, value):
    found = client.post("/v1/search", json={"kana": "ア"}, headers={**headers, name: value})
    assert found.status_code in (400, 422)


def test_numbers_out_of_range_are_named(client, live):
    headers = log_on(client, live_run.staff(live, "R03"), "resident_certificate")
    for event in (0, -1, 2**53 + 1, 2**63, 10**30, "7", 1.5):
        found = client.post("/v1/approve", content=json.dumps({"event": event}), headers=headers)
        assert found.status_code in (400, 422), (event, found.text)
