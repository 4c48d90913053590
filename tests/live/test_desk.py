"""The run in use: what staff can do with it, what is recorded, and what is left when it is opened again."""

import dataclasses
import json
from datetime import timedelta

import live_run
import polars as pl
import pytest

from simulator.dataset import Dataset, verify
from simulator.errors import StorageError, UnknownNameError, UsageError
from simulator.live.citizen import who_looked
from simulator.live.desk import Live, Request
from simulator.live.opening import live_log
from simulator.live.question import BadValueError
from simulator.live.sessions import ASSUMED_SESSION_MS
from simulator.live.verification import verify_live


def ask(live, question, staff, purpose, **values):
    stated = {name: values.pop(name) for name in ("case_no", "grounds", "terminal") if name in values}
    stated.setdefault("case_no", live_run.CASE)
    live.clock.at += timedelta(seconds=2)
    return live.ask(Request(question=question, staff=staff, purpose=purpose, values=values, **stated))


def last(live):
    return live.journal.select("SELECT * FROM event ORDER BY event_id DESC LIMIT 1")[0]


@pytest.fixture
def clerk(live):
    return live_run.staff(live, "R01", supervisor=False)


@pytest.fixture
def head(live):
    return live_run.staff(live, "R03", supervisor=True)


def test_a_search_shows_who_matches_and_is_recorded(live, clerk):
    person = live.register.persons([7])[0]
    found = ask(live, "search", clerk, "resident_certificate", kana=person["family_kana"], match="prefix")
    assert found.granted
    assert found.hits == len(found.rows) > 0
    assert live_run.handle(live, 7) in {row["resident"] for row in found.rows}
    event = last(live)
    assert (event["action"], event["hits"], event["case_no"]) == ("search", found.hits, live_run.CASE)
    assert event["search_keys"] == f"kana:{len(person['family_kana'])}"
    assert person["family_kana"] not in json.dumps(event, default=str, ensure_ascii=False)
    shown = live.journal.select("SELECT count(*) AS n FROM shown WHERE event_id = :e", e=event["event_id"])
    assert shown[0]["n"] == len(found.rows)


@pytest.mark.parametrize(
    ("column", "typed"),
    [("name_key", "name"), ("resident_code", "resident_code"), ("my_number", "my_number"), ("address", "address")],
)
def test_every_detail_finds(live, clerk, column, typed):
    person = live.register.persons([11])[0]
    found = ask(live, "search", clerk, "resident_certificate", **{typed: person[column]})
    assert live_run.handle(live, 11) in {row["resident"] for row in found.rows}


def test_two_characters_and_variants_find(live, clerk, head):
    """Two characters of a name are enough, and a variant finds the usual form."""
    ask(live, "update", head, "resident_change", resident=live_run.handle(live, 12),
        reason="氏名変更", family_name="髙橋", family_kana="タカハシ")  # fmt: skip
    found = ask(live, "search", clerk, "resident_certificate", name="高橋", match="partial")
    assert live_run.handle(live, 12) in {row["resident"] for row in found.rows}
    assert found.hits == len(found.rows)


def test_what_is_not_granted_is_absent(live):
    tax = live_run.staff(live, "R06")
    seen = ask(live, "view", tax, "property_tax", resident=live_run.handle(live, 20))
    assert seen.granted
    assert not {"my_number", "resident_code", "registry_town", "protected_from"} & set(seen.rows[0])
    handle, clerk = live_run.handle(live, 20), live_run.staff(live, "R01")
    full = ask(live, "unmask", clerk, "resident_certificate", resident=handle, grounds="certificate")
    assert full.rows[0]["my_number"] == live.register.persons([20])[0]["my_number"]
    assert last(live)["my_number"] == 1


def test_refusals_are_coarse_and_their_reason_is_in_the_log(live):
    stranger = live_run.staff(live, "R16")
    refused = ask(live, "view", stranger, "income_tax", resident=live_run.handle(live, 5), terminal="T0001")
    assert not refused.granted
    assert refused.rows == []
    assert last(live)["reason"].startswith("ACCOUNT")


@pytest.mark.parametrize("question", ["view", "household", "history", "unmask", "print"])
def test_the_hidden_and_the_absent_are_one(live, monkeypatch, question):
    """A role without clearance gets the same answer, by the same statements, for the protected and for nobody."""
    live._policy = live_run.hiding("R05")
    live.restore()
    clerk, hidden = live_run.staff(live, "R05"), live_run.handle(live, live_run.guarded(live))
    live.people.resolve("resident", hidden)  # the index of pseudonyms is made once, for everyone
    known, absent = (_statements(live, monkeypatch, question, clerk, who) for who in (hidden, live_run.nobody()))
    reasons = [row["reason"] for row in live.journal.select("SELECT reason FROM event ORDER BY event_id DESC LIMIT 2")]
    assert known[0].code == absent[0].code == "not_found"
    assert reasons[1].startswith("PROTECTED:")
    assert reasons[0].startswith("OK:")
    assert known[1] == absent[1]
    assert dataclasses.replace(known[0], event=0) == dataclasses.replace(absent[0], event=0)


def test_a_hidden_resident_is_in_no_list(live):
    live._policy = live_run.hiding("R05")
    live.restore()
    number = live_run.guarded(live)
    person, clerk = live.register.persons([number])[0], live_run.staff(live, "R05")
    for typed in ({"my_number": person["my_number"]}, {"name": person["name_key"]}, {"birth": person["birth_date"]}):
        found = ask(live, "search", clerk, "income_tax", grounds="duty", **typed)
        assert found.code == "ok"
        assert not found.alert
        assert found.hits == len(found.rows)
        assert live_run.handle(live, number) not in {row["resident"] for row in found.rows}


def _statements(live, monkeypatch, question, staff, handle):
    made, connection = [], live.register.base.connection
    select = type(connection).select
    live.people.names.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(type(connection), "select", lambda *given: made.append(given[1]) or select(*given))
        answer = ask(live, question, staff, "income_tax", resident=handle, grounds="duty")
    return answer, [sql for sql in made if "FROM event" not in sql]


def test_protected_records_prompt_and_alert(live, clerk):
    handle = live_run.handle(live, live_run.guarded(live))
    first = ask(live, "view", clerk, "resident_certificate", resident=handle)
    seen = ask(live, "view", clerk, "resident_certificate", resident=handle, grounds="application")
    assert seen.granted
    assert seen.alert
    assert last(live)["grounds"] == "application"
    assert first.code in ("ok", "grounds_needed")
    assert (first.code == "ok") == bool(first.rows)


def test_release_by_a_supervisor(live, clerk, head):
    """What needs approval waits, the supervisor of the section sees and releases it, and it is done."""
    handle = live_run.handle(live, live_run.guarded(live))
    waits = ask(live, "issue", clerk, "resident_certificate", resident=handle, kind="resident", grounds="application")
    assert waits.code == "approval_needed"
    assert waits.document is None
    listed = ask(live, "waiting", head, "resident_certificate")
    if not listed.granted:
        pytest.fail(f"a supervisor cannot list what waits: {listed.code}")
    assert waits.event in {row["event"] for row in listed.rows}
    released = ask(live, "approve", head, "resident_certificate", event=waits.event, grounds="application")
    assert released.granted, released
    done = ask(live, "issue", clerk, "resident_certificate", resident=handle, kind="resident", grounds="application")
    assert done.granted
    assert "見本" in done.document
    assert done.numbers["approval_id"] == released.numbers["approval_id"]
    assert waits.event not in {row["event"] for row in ask(live, "waiting", head, "resident_certificate").rows}


def test_broken_glass_waits_for_review(live, clerk, head):
    handle, number = live_run.handle(live, live_run.guarded(live)), None
    broken = ask(
        live, "override", clerk, "resident_certificate", resident=handle, why="生命の危険", grounds="emergency"
    )
    assert broken.granted
    number = broken.event
    done = ask(live, "issue", clerk, "resident_certificate", resident=handle, kind="resident", grounds="emergency")
    assert done.granted
    assert done.numbers["override_id"] == broken.numbers["override_id"]
    listed = {row["event"]: row for row in ask(live, "waiting", head, "resident_certificate").rows}
    assert listed[number]["what"] == "review"
    assert listed[number]["why"] == "生命の危険"
    assert ask(live, "approve", head, "resident_certificate", event=number, grounds="inspection").granted
    assert number not in {row["event"] for row in ask(live, "waiting", head, "resident_certificate").rows}


def test_approval_of_what_does_not_wait_is_refused(live, head):
    with pytest.raises(BadValueError, match="nothing of your section waits"):
        ask(live, "approve", head, "resident_certificate", event=5)


def test_changes_are_seen_and_the_run_is_not_touched(folder, hall_folders):
    root = Dataset.open(hall_folders.run).root
    with Live.open(folder, clock=live_run.clock()) as live:
        clerk, handle = live_run.staff(live, "R01"), live_run.handle(live, 30)
        old, new = live.register.persons([30])[0]["address"], "中央九丁目9番9号"
        moved = ask(live, "update", clerk, "resident_change", resident=handle, reason="転居", address=new)
        assert moved.granted
        assert moved.rows[0]["address"] == new
        home = ask(live, "household", clerk, "resident_change", resident=handle)
        assert {row["address"] for row in home.rows} == {new}
    with Live.open(folder, clock=live_run.clock()) as again:
        again.clock.at += timedelta(minutes=5)
        assert again.register.persons([30])[0]["address"] == new
        found = ask(again, "search", clerk, "resident_change", address="中央9丁目9番9号")
        assert handle in {row["resident"] for row in found.rows}
        history = ask(again, "history", clerk, "resident_change", resident=handle)
        assert history.rows[-1]["reason"] == "転居"
        assert history.rows[-1]["address_from"] == old
        gone = ask(again, "update", clerk, "resident_change", resident=handle, reason="転出", destination="白汐市")
        assert gone.granted
        assert not again.register.standing(30, again.clock.at.date()).live
    assert verify(hall_folders.run) == []
    assert Dataset.open(hall_folders.run).root == root


def test_a_new_measure_hides(live, head):
    """Once a protection measure is registered, the gate treats the resident as protected; an ended one is over."""
    handle, days = live_run.handle(live, 40), {"since": "2025-03-24", "other_party": "某"}
    assert not live.register.standing(40, live.clock.at.date()).protected
    done = ask(live, "protect", head, "protection", resident=handle, until="2026-03-24", grounds="duty", **days)
    assert done.granted, done
    assert live.register.standing(40, live.clock.at.date()).protected
    assert json.loads(last(live)["detail"])["measure"]["other_party"] == "某"
    seen = ask(live, "protection", head, "protection", resident=handle, grounds="duty")
    assert seen.rows[0]["protected_to"] == "2026-03-24"
    assert ask(live, "protect", head, "protection", resident=handle, until="2025-03-24", grounds="duty", **days).granted
    assert not live.register.standing(40, live.clock.at.date()).protected


def test_daily_counts_and_rates_survive_opening(folder):
    with Live.open(folder, clock=live_run.clock()) as live:
        clerk = live_run.staff(live, "R01", supervisor=False)
        request = Request(
            question="search",
            staff=clerk,
            purpose="resident_certificate",
            case_no=live_run.CASE,
            values={"kana": "ソンザイシナイ"},
        )
        for _ in range(15):
            assert live.ask(request).granted
    with Live.open(folder, clock=live_run.clock()) as again:
        codes = [again.ask(request).code for _ in range(8)]
        assert codes.count("too_fast") >= 4
        assert "ok" in codes
        assert last(again)["reason"] == "RATE:per_second"
        again.clock.at += timedelta(seconds=2)
        assert again.ask(request).granted


def test_one_session_goes_on_until_it_ends(live, clerk):
    ask(live, "search", clerk, "resident_certificate", kana="ア")
    ask(live, "search", clerk, "resident_certificate", kana="イ")
    first = {row["session_id"] for row in live.journal.select("SELECT session_id FROM event")}
    assert len(first) == 1
    live.clock.at += timedelta(milliseconds=ASSUMED_SESSION_MS)
    ask(live, "search", clerk, "resident_certificate", kana="ア")
    rows = live.journal.select("SELECT action, session_id FROM event ORDER BY event_id")
    assert [row["action"] for row in rows] == ["login", "search", "search", "login", "search"]
    assert len({row["session_id"] for row in rows}) == 2


def test_a_citizen_sees_who_looked_and_is_recorded(live, clerk, hall_folders):
    number = 50
    ask(live, "view", clerk, "resident_certificate", resident=live_run.handle(live, number))
    ask(
        live, "search", clerk, "resident_certificate", resident_code=live.register.persons([number])[0]["resident_code"]
    )
    told = who_looked(live, live.register.persons([number])[0]["resident_code"])
    assert list(told.rows[0]) == [
        "提供年月日時",
        "機能区分",
        "利用事由",
        "提供事務区分",
        "提供元",
        "提供先",
        "提供項目",
    ]
    assert [row["利用事由"] for row in told.rows[:2]] == ["検索", "照会"]
    assert told.rows[1]["提供先"].endswith("市民課")
    token = live.people.resident(number)
    kept = pl.col("purpose").cast(str).is_in(["public_request", "tax_collection", "child_protection"])
    done = pl.col("action").cast(str).is_in(["view", "print", "issue", "unmask", "update"])
    events = Dataset.open(hall_folders.run).table("event")
    logged = events.filter(pl.col("resident") == token, ~kept, done, pl.col("decision") == "allow")
    assert len(told.rows) >= 2 + logged.height
    assert (last(live)["role"], last(live)["screen"]) == ("R23", "disclosure")
    assert len(who_looked(live, live_run.handle(live, number)).rows) == len(told.rows)


def test_uses_are_told_late_or_never(live):
    number, handle = 60, live_run.handle(live, 60)
    ask(live, "view", live_run.staff(live, "R01"), "public_request", resident=handle, grounds="enquiry")
    if last(live)["decision"] == "allow":
        before = len(who_looked(live, handle).rows)
        live.clock.at += timedelta(days=181)
        assert len(who_looked(live, handle).rows) == before + 1
    ask(live, "view", live_run.staff(live, "R11"), "child_protection", resident=handle, grounds="duty")
    assert all(row["提供事務区分"] != "児童相談" for row in who_looked(live, handle).rows)
    assert number == 60


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"staff": "S9999999"}, UnknownNameError, "unknown staff number"),
        ({"purpose": "incometax"}, UnknownNameError, "Did you mean 'income_tax'"),
        ({"question": "viw"}, UnknownNameError, "Did you mean 'view'"),
        ({"grounds": "whim"}, UnknownNameError, "unknown grounds"),
        ({"case_no": "a\tb"}, UsageError, "control character"),
        ({"case_no": "9" * 65}, UsageError, "1 to 64 characters"),
        ({"terminal": "T9999"}, UnknownNameError, "unknown terminal"),
        ({"values": {"resident": "1BAD"}}, BadValueError, "26 characters"),
        ({"values": {}}, BadValueError, "view needs it"),
        ({"values": {"resident": "x", "more": 1}}, BadValueError, "no such parameter"),
    ],
)  # fmt: skip
def test_bad_input_is_named(live, clerk, change, error, words):
    whole = {
        "question": "view",
        "staff": clerk,
        "purpose": "resident_certificate",
        "values": {"resident": live_run.handle(live, 3)},
    }
    with pytest.raises(error, match=words):
        live.ask(Request(**{**whole, **change}))
    assert all(row["rows_returned"] == 0 for row in live.journal.select("SELECT rows_returned FROM event"))


def test_a_log_on_of_nobody_is_recorded_and_counts_for_nobody(folder):
    """The event is there before the message, and opening the log again goes on as if it had not been tried."""
    with Live.open(folder, clock=live_run.clock()) as live:
        clerk = live_run.staff(live, "R01", supervisor=False)
        for changed in ({"staff": "S9999999"}, {"terminal": "T9999"}):
            whole = {"question": "stats", "staff": clerk, "purpose": "audit", **changed}
            with pytest.raises(UnknownNameError):
                live.ask(Request(**whole))
            with pytest.raises(UnknownNameError):
                live.log_on(whole["staff"], whole.get("terminal"))
        rows = live.journal.select("SELECT * FROM event ORDER BY event_id")
        assert [row["reason"] for row in rows] == [*["LOGON:unknown_staff"] * 2, *["LOGON:unknown_terminal"] * 2]
        assert rows[2]["actor"] == live.office.member(clerk).actor != rows[0]["actor"]
        assert len(live.office.by_actor) == len({*live.office.by_actor} - {rows[0]["actor"]})
        session = live.log_on(clerk)[1]
        assert session.number > max(row["session_id"] for row in rows)
    with Live.open(folder, clock=live_run.clock()) as live:
        assert ask(live, "search", clerk, "resident_certificate", kana="ア").granted
        auditor = live_run.staff(live, "R18")
        told = ask(live, "log", auditor, "audit", most=50)
        assert told.granted, told
        assert [row["operator"] for row in told.rows if row["reason"] == "LOGON:unknown_staff"] == [None, None]


def test_nothing_is_shown_that_is_not_on_disk(live, clerk, monkeypatch):
    """When the log cannot be written, nothing is shown and the state is that of the disk."""
    ask(live, "search", clerk, "resident_certificate", kana="ア")
    before = live.journal.head
    with monkeypatch.context() as patch:
        patch.setattr(
            live.journal._shelf.connection, "execute", lambda *_: (_ for _ in ()).throw(StorageError("disk full"))
        )
        with pytest.raises(StorageError):
            ask(
                live,
                "override",
                clerk,
                "resident_certificate",
                resident=live_run.handle(live, 3),
                why="火事",
                grounds="emergency",
            )
    assert live.journal.head == before
    assert ask(live, "search", clerk, "resident_certificate", kana="ア").granted
    path = live_log(live.run.path, live.municipality.code)
    assert verify_live(path, live.run.root) == []


def test_log_and_statistics_are_for_auditors(live, clerk):
    ask(live, "view", clerk, "resident_certificate", resident=live_run.handle(live, 3))
    auditor = live_run.staff(live, "R18")
    read = ask(live, "log", auditor, "audit", operator=clerk)
    assert read.granted
    assert {row["operator"] for row in read.rows} == {clerk}
    about = ask(live, "log", auditor, "audit", about=live_run.handle(live, 3))
    assert [row["action"] for row in about.rows] == ["view"]
    counted = ask(live, "stats", auditor, "audit")
    assert sum(row["events"] for row in counted.rows) == last(live)["event_id"] - live.journal.genesis.event_id - 1
    assert not ask(live, "log", clerk, "resident_certificate").granted


def test_extraction_needs_a_second_person(live):
    electoral = live_run.staff(live, "R13", supervisor=False)
    head = live_run.staff(live, "R13", supervisor=True)
    first = ask(live, "extract", electoral, "electoral_roll", grounds="duty")
    assert first.code == "approval_needed"
    assert ask(live, "approve", head, "electoral_roll", event=first.event, grounds="duty").granted
    done = ask(live, "extract", electoral, "electoral_roll", grounds="duty")
    assert done.granted
    assert done.numbers["extraction_id"].startswith("EX")
    assert len(done.rows) > 500
    assert max(row["birth_date"] for row in done.rows) <= "2007-03-24"
