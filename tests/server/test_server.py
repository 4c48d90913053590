# ruff: noqa: PLR0917 (tables are read a row a line)
"""The HTTP face: sessions, tokens, problem documents, hostile input; never a 500, never a row without an event."""

import re
from datetime import timedelta

import live_run
import pytest
from served import log_on

from simulator.errors import DamagedError, StorageError, UsageError
from simulator.live.sessions import ASSUMED_MACHINE_SESSION_MS, ASSUMED_SESSION_MS
from simulator.live.verification import verify_live
from simulator.server import Address, serve
from simulator.server.problems import MEDIA, REFUSED


def count(live):
    return live.journal.select("SELECT count(*) AS n FROM event")[0]["n"]


@pytest.fixture
def clerk(live):
    return live_run.staff(live, "R01")


@pytest.fixture
def headers(client, clerk):
    return log_on(client, clerk, "resident_certificate")


def problem(found, status, code):
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == MEDIA
    body = found.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"] == f"urn:jukisim:problem:{code}"
    assert body["title"]
    return body


def test_a_session_is_opened_used_and_closed(client, live, clerk):
    made = client.post("/v1/session", json={"staff": clerk, "auth_method": "card"})
    assert made.status_code == 201
    token = made.json()["token"]
    assert re.fullmatch(r"jks_[a-z2-7]{26}", token)
    headers = {"Authorization": f"Bearer {token}"}
    shown = client.get("/v1/session", headers=headers).json()
    assert shown["staff"] == clerk
    assert "token" not in shown
    assert client.delete("/v1/session", headers=headers).status_code == 204
    problem(client.get("/v1/session", headers=headers), 401, "unauthorized")
    rows = live.journal.select("SELECT action, auth_method, decision FROM event ORDER BY event_id")
    assert [row["action"] for row in rows] == ["login", "logout"]
    assert {row["auth_method"] for row in rows} == {"card"}


def test_only_digests_of_tokens_are_kept(client, live, clerk, tmp_path):
    token = client.post("/v1/session", json={"staff": clerk}).json()["token"]
    held = client._transport  # the client has it, the server must not
    assert held is not None
    for path in live.journal.place, f"{live.journal.place}-wal":
        with open(path, "rb") as content:  # noqa: PTH123 - a name
            assert token.encode() not in content.read()


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer jks_aaaaaaaaaaaaaaaaaaaaaaaaaa", "Basic dXNlcjpwYXNz", "Bearer " + "x" * 8_000, "jks_x"],
)  # fmt: skip
def test_without_a_token_nothing_is_asked(client, live, authorization):
    before = count(live)
    found = client.post(
        "/v1/view", json={"resident": "x"}, headers={"Authorization": authorization, "X-Purpose": "audit"}
    )
    problem(found, 401, "unauthorized")
    assert found.headers["www-authenticate"] == "Bearer"
    assert count(live) == before


def test_tokens_end(client, live, headers):
    live.clock.at += timedelta(milliseconds=ASSUMED_SESSION_MS, seconds=1)
    problem(client.post("/v1/search", json={"kana": "ア"}, headers=headers), 401, "unauthorized")


def test_machines_stay_on_for_a_day(client, live):
    """A shop's copier or the communication server that logged on at midnight still has its session at night."""
    machine = live_run.staff(live, "R21")
    told = client.post("/v1/session", json={"staff": machine}).json()
    bearer = {"Authorization": f"Bearer {told['token']}"}
    live.clock.at += timedelta(milliseconds=ASSUMED_MACHINE_SESSION_MS, seconds=-1)
    assert client.delete("/v1/session", headers=bearer).status_code == 204


def test_a_mistaken_credential_is_refused_and_recorded(client, live, clerk):
    """A vein not read, a password mistyped: no session, an event, the same words as for any log-on that fails."""
    before = count(live)
    stated = {"staff": clerk, "auth_method": "vein", "credential": "mistaken"}
    body = problem(client.post("/v1/session", json=stated), 403, "log_on_failed")
    assert body["detail"] == problem(client.post("/v1/session", json={"staff": "S9"}), 403, "log_on_failed")["detail"]
    row = live.journal.select("SELECT * FROM event ORDER BY event_id DESC LIMIT 2")[1]
    assert count(live) == before + 2
    assert (row["action"], row["decision"], row["auth_method"]) == ("login", "deny", "vein")
    assert row["reason"].startswith("LOGON")
    assert client.post("/v1/session", json={**stated, "credential": "right"}).status_code == 201
    problem(client.post("/v1/session", json={**stated, "credential": "stolen"}), 422, "bad_value")


def test_purpose_and_case_are_asked_for(client, live, clerk):
    headers = log_on(client, clerk, "resident_certificate", case_no=None)
    without = {name: value for name, value in headers.items() if name != "X-Purpose"}
    problem(client.post("/v1/search", json={"kana": "ア"}, headers=without), 400, "purpose_missing")
    body = problem(
        client.post("/v1/search", json={"kana": "ア"}, headers={**headers, "X-Purpose": "whim"}), 422, "unknown_name"
    )
    assert "resident_certificate" in body["detail"]
    handle = live_run.handle(live, 3)
    broken = client.post("/v1/override", json={"resident": handle, "why": "火事"}, headers=headers)
    problem(broken, 403, "case_needed")


def test_what_is_not_there_is_a_problem_too(client):
    problem(client.get("/v1/nothing"), 404, "http_404")
    problem(client.get("/v1/view"), 405, "http_405")
    problem(client.post("/v1/session", json={"staff": 5}), 422, "bad_value")
    problem(client.post("/v1/session", json={"staff": "x", "password": "y"}), 422, "bad_value")


def test_refused_logons_give_no_token(client, live):
    nobody = live_run.staff(live, "R16")
    found = client.post("/v1/session", json={"staff": nobody, "terminal": "T0001"})
    assert found.status_code == REFUSED[found.json()["code"]] == 403
    assert live.journal.select("SELECT decision FROM event")[0]["decision"] == "deny"


def test_a_log_on_of_nobody_is_recorded_and_tells_no_more_than_any(client, live):
    """A number that nobody has, one without account, a terminal that is not there: one answer; the log knows which."""
    known, without = live_run.staff(live, "R01"), live_run.staff(live, "R16")
    tried = [
        {"staff": "S9999999"}, {"staff": " s9999999 "}, {"staff": "S9999999", "terminal": "T0001"}, {"staff": "%'あ"},
        {"staff": known, "terminal": "T9999"}, {"staff": without, "terminal": "T0001"}, {"staff": without},
    ]  # fmt: skip
    told = [problem(client.post("/v1/session", json=each), 403, "log_on_failed") for each in tried]
    assert [body.pop("event") for body in told] == list(
        range(live.journal.head.event_id - 6, live.journal.head.event_id + 1)
    )
    assert all(body == told[0] for body in told)
    rows = live.journal.select("SELECT * FROM event ORDER BY event_id")
    assert [row["reason"].split(":")[0] for row in rows] == [*["LOGON"] * 5, "ACCOUNT", "LOGON"]
    assert {(row["action"], row["decision"], row["rows_returned"]) for row in rows} == {("login", "deny", 0)}
    assert len({row["actor"] for row in rows[:3]}) == 1
    assert len({row["session_id"] for row in rows}) == len(rows)
    assert not any("9999" in str(value) for row in rows for value in row.values() if isinstance(value, str))
    assert verify_live(live_run.live_file(live), live.run.root) == []


def test_the_hidden_equals_the_absent_in_every_byte(client, live):
    live._policy = live_run.hiding("R05")
    live.restore()
    headers = log_on(client, live_run.staff(live, "R05"), "income_tax")
    answers = [
        client.post("/v1/view", json={"resident": who}, headers=headers)
        for who in (live_run.handle(live, live_run.guarded(live)), live_run.nobody())
    ]
    told = [
        (each.status_code, each.content, sorted(set(each.headers.items()) - {("date", each.headers["date"])}))
        for each in answers
    ]
    assert told[0] == told[1]
    problem(answers[0], 404, "not_found")


def test_too_fast_is_refused_and_recorded(client, live, headers):
    found = [client.post("/v1/search", json={"kana": "ア"}, headers=headers) for _ in range(22)]
    refused = [each for each in found if each.status_code == 429]
    assert len(refused) == 3  # the log-on counts, too
    problem(refused[0], 429, "too_fast")
    assert refused[0].headers["retry-after"] == "1"
    rows = live.journal.select("SELECT reason FROM event WHERE decision = 'deny'")
    assert [row["reason"] for row in rows] == ["RATE:per_second"] * 3


@pytest.mark.parametrize(
    ("error", "code"),
    [(StorageError("/secret/path is locked"), "unavailable"), (DamagedError("/secret/path"), "damaged")],
)
def test_a_log_that_cannot_be_written_shows_nothing(client, live, headers, monkeypatch, error, code):
    def fail(*_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(live.journal._shelf.connection, "execute", fail)
        found = client.post("/v1/view", json={"resident": live_run.handle(live, 3)}, headers=headers)
    problem(found, 503, code)
    assert "secret" not in found.text
    before = count(live)
    assert client.post("/v1/view", json={"resident": live_run.handle(live, 3)}, headers=headers).status_code == 200
    assert count(live) == before + 1


def test_a_register_that_cannot_be_read_is_a_problem(client, live, headers, monkeypatch):
    def fail(*_):
        raise StorageError("/secret/path: database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(live.register.base.connection, "select", fail)
        problem(client.post("/v1/search", json={"kana": "ア"}, headers=headers), 503, "unavailable")
        problem(client.get("/health"), 503, "unavailable")
    assert client.get("/health").json()["status"] == "ok"


def test_health_and_metrics_tell_what_was_done(client, live, headers):
    client.post("/v1/search", json={"kana": "ア"}, headers=headers)
    assert client.get("/health").json() == {"status": "ok", "event": live.journal.head.event_id}
    told = client.get("/metrics").text
    assert 'jukisim_answers_total{question="search",code="ok"} 1' in told
    assert "jukisim_events_total 2" in told


def test_openapi_has_every_question_and_header(client):
    told = client.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert "/v1/view" in told["paths"]
    assert {each["name"] for each in told["paths"]["/v1/view"]["post"]["parameters"]} == {
        "X-Purpose",
        "X-Case-No",
        "X-Grounds",
        "X-System",
    }


def test_the_citizens_page_answers_in_japanese(client, live, headers):
    handle = live_run.handle(live, 9)
    client.post("/v1/view", json={"resident": handle}, headers=headers)
    code = live.register.persons([9])[0]["resident_code"]
    page = client.post("/disclosure", data={"code": code})
    assert page.status_code == 200
    assert "住民票照会" in page.text
    assert "提供事務区分" in page.text
    assert code not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for bad, status in (("1", 400), ("<script>", 400), ("0" * 5_000, 400), ("99999999999", 404)):
        found = client.post("/disclosure", data={"code": bad})
        assert found.status_code == status
        assert "<script>" not in found.text


def test_the_log_holds_after_all_of_it(client, live, headers):
    for number in range(30):
        live.clock.at += timedelta(seconds=1)
        client.post("/v1/view", json={"resident": live_run.handle(live, number)}, headers=headers)
    assert verify_live(live_run.live_file(live), live.run.root) == []
    assert count(live) == 31


def test_only_loopback_unless_told(folder):
    with pytest.raises(UsageError, match="--allow-remote"):
        serve(folder, Address(host="0.0.0.0", port=0))  # noqa: S104 - what is refused
