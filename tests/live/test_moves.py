"""Who moves: the municipality that was left is told and closes its record, and who was removed can come again."""

import contextlib
import dataclasses
import json
from datetime import timedelta

import live_run
import neighbours
import polars as pl
import pytest
from neighbours import BEYOND, HERE, OPENING, THERE, alone, ask, clerk, national
from served import log_on, served
from typer.testing import CliRunner

from simulator.access import Policy
from simulator.access.policy.rules import read_role
from simulator.cli import app
from simulator.clock import SimClock
from simulator.dataset import Dataset
from simulator.live.desk import Live, Request
from simulator.live.question import BadValueError
from simulator.live.verification import verify_live

ADDRESS = "中央一丁目2番3号"
UPDATES = "SELECT * FROM event WHERE action = 'update' ORDER BY event_id"
NEW = {
    "sex": "female", "family_name": "珊瑚礁", "given_name": "花子", "family_kana": "サンゴショウ",
    "given_kana": "ハナコ",
}  # fmt: skip
CHILD = {"reason": "出生", "relationship": "子", **NEW}


def arrive(live, code, **values):
    """転入 of one whom the network shows."""
    (row,) = national(live, resident_code=code).rows
    stated = {"address": ADDRESS} | values
    return ask(live, "register", "R01", "resident_change", reason="転入", newcomer=row["resident"], grounds="duty",
               **stated)  # fmt: skip


def living(live, code):
    """Whether a search finds them."""
    return ask(live, "search", "R01", "resident_change", resident_code=code, grounds="duty").hits == 1


def asks(live, question, role, **values):
    """What is answered to one of a run of one municipality."""
    live.clock.at += timedelta(seconds=2)
    stated = {name: values.pop(name) for name in ("purpose", "grounds")}
    return live.ask(
        Request(question=question, staff=live_run.staff(live, role), values=values, case_no=live_run.CASE, **stated)
    )


def about(live, question, code, **values):
    stated = {"resident": live.people.handle(code), "grounds": "duty"}
    return ask(live, question, "R01", "resident_change", **stated, **values)


def test_the_municipality_that_was_left_closes_its_record(opened, both):
    """With the next request there, whatever it is; the event is the communication server's, and there is one of it."""
    here, there = opened(HERE), opened(THERE)
    person = alone(there, both)
    code, number = person["resident_code"], person["resident_no"]
    assert living(there, code)
    assert arrive(here, code).granted
    there.clock.at += timedelta(minutes=1)
    assert not living(there, code)
    (event,) = there.journal.select(UPDATES)
    assert (event["role"], event["section"], event["system"], event["decision"]) == ("R21", "network", "JUKI", "allow")
    assert event["resident"] == there._tokens.resident(number)
    assert code not in event["detail"]
    assert about(there, "removed", code).granted
    told = about(there, "history", code).rows[-1]
    assert (told["reason"], told["notified_on"]) == ("転出確定", OPENING.date().isoformat())
    assert told["address_to"] == here.municipality.prefecture + here.municipality.name
    assert national(here, resident_code=code).hits == 1
    there.close()
    again = opened(THERE, day=1)
    assert not living(again, code)
    assert len(again.journal.select(UPDATES)) == 1


def test_who_gave_notice_before_leaving_keeps_the_day(opened, both):
    """転出届 first, 転入 elsewhere a week later: the record closed on the day of the first."""
    here, there = opened(HERE), opened(THERE)
    person = alone(there, both)
    code = person["resident_code"]
    (row,) = national(here, resident_code=code).rows
    assert about(there, "update", code, reason="転出", destination="x").granted
    here.clock.at += timedelta(days=7)
    there.clock.at += timedelta(days=8)
    assert ask(here, "register", "R01", "resident_change", reason="転入", newcomer=row["resident"], grounds="duty",
               address=ADDRESS).granted  # fmt: skip
    assert [each["reason"] for each in about(there, "history", code).rows][-2:] == ["転出", "転出確定"]
    assert there.register.persons([person["resident_no"]])[0]["left_on"] == OPENING.date().isoformat()


def test_the_record_of_the_protected_is_closed_with_an_alert(opened):
    here, there = opened(HERE), opened(THERE)
    number = live_run.guarded(there)
    code = there.register.persons([number])[0]["resident_code"]
    assert arrive(here, code).granted
    there.clock.at += timedelta(minutes=1)
    assert not living(there, code)
    (event,) = there.journal.select(UPDATES)
    assert (event["protected_alert"], event["decision"]) == (True, "allow")


def test_what_the_policy_refuses_is_left_for_staff(opened, both):
    """The server is refused, and not again and again; a clerk closes the record, once."""
    here, there = opened(HERE), opened(THERE, policy=without("R21-notice"))
    code = alone(there, both)["resident_code"]
    assert arrive(here, code).granted
    for _ in range(3):
        there.clock.at += timedelta(minutes=1)
        assert living(there, code)
    assert [event["decision"] for event in there.journal.select(UPDATES)] == ["deny"]
    assert about(there, "update", code, reason="転出確定").granted
    assert not living(there, code)
    assert about(there, "removed", code).granted
    with pytest.raises(BadValueError, match="no municipality has told"):
        about(there, "update", code, reason="転出確定")


def without(rule):
    """The shipped policy but for one rule."""
    files = [read_role(path) for path in sorted(live_run.FOLDER.glob("*.toml"))]
    kept = (dataclasses.replace(found, rule=tuple(r for r in found.rule if r.id != rule)) for found in files)
    return Policy.of(kept)


def test_nothing_is_closed_that_nobody_told(opened, both):
    there = opened(THERE)
    code = alone(there, both)["resident_code"]
    with pytest.raises(BadValueError, match="no municipality has told"):
        about(there, "update", code, reason="転出確定")
    with pytest.raises(BadValueError, match="that of the notice"):
        about(there, "update", code, reason="転出確定", happened_on="2025-04-01")


def test_who_moved_away_and_comes_back(opened, both):
    """再転入 THERE after HERE, and HERE again: a record lives again, and the other municipality is told each time."""
    here, there = opened(HERE), opened(THERE)
    person = alone(there, both)
    code, number = person["resident_code"], person["resident_no"]
    assert arrive(here, code).granted
    there.clock.at += timedelta(minutes=2)
    assert not living(there, code)
    there.clock.at += timedelta(days=30)
    back = ask(there, "register", "R01", "resident_change", reason="転入", grounds="duty", address=ADDRESS,
               newcomer=there.people.handle(code))  # fmt: skip
    assert (back.code, back.rows[0]["resident"]) == ("ok", there.people.handle(code))
    (row,) = there.register.persons([number])
    assert (row["resident_code"], row["my_number"], row["left_on"]) == (code, person["my_number"], None)
    assert (row["address"], row["entered_on"]) == (ADDRESS, there.clock.at.date().isoformat())
    assert [each["reason"] for each in about(there, "history", code).rows][-2:] == ["転出確定", "転入"]
    assert [each["resident"] for each in about(there, "household", code).rows] == [there.people.handle(code)]
    here.clock.at = there.clock.at + timedelta(minutes=1)
    assert not living(here, code)
    (told,) = here.journal.select(f"{UPDATES} DESC LIMIT 1")
    assert (told["role"], told["resident"]) == ("R21", here._tokens.resident(2**31))
    assert national(here, resident_code=code).hits == 1
    assert json.loads(told["detail"])["change"]["notice"][0] == THERE
    assert arrive(here, code, address="南町1番").granted
    assert (here.register.newcomers, living(here, code)) == ({2**31: None}, True)
    there.close()
    reopened = opened(THERE, day=31)
    assert reopened.register.persons([number]) == [row]
    assert not living(reopened, code)
    assert [each["reason"] for each in about(reopened, "history", code).rows][-3:] == ["転出確定", "転入", "転出確定"]


def test_who_comes_back_from_outside(live):
    """転出 to a place outside the run and back into the household of a child born meanwhile, beside one's old home."""
    code = live.register.persons([30])[0]["resident_code"]
    one = live_run.handle(live, 30)
    old = live.register.household(30, live.clock.at.date(), guarded_too=True)
    asked = {"purpose": "resident_change", "grounds": "duty"}
    born = asks(live, "register", "R02", **asked, resident=live_run.handle(live, 20), **CHILD)
    assert asks(live, "update", "R02", **asked, resident=one, reason="転出", destination="白汐市").granted
    live.clock.at += timedelta(days=9)
    before = live._tokens.household(30)
    back = asks(live, "register", "R02", **asked, reason="転入", newcomer=one, relationship="同居人",
               resident=born.rows[0]["resident"])  # fmt: skip
    assert back.granted, back
    (row,) = live.register.persons([30])
    assert (row["came_from"], row["relationship"], row["resident_code"]) == ("白汐市", "同居人", code)
    day = live.clock.at.date()
    assert {20, 30, 2**31} <= set(live.register.household(30, day, guarded_too=True))
    assert not any(30 in live.register.household(each, day, guarded_too=True) for each in old if each != 30)
    assert live._tokens.household(30) == live._tokens.household(20) != before
    found = asks(live, "search", "R02", **asked, resident_code=code)
    assert [each["resident"] for each in found.rows] == [one]


def test_the_dead_and_the_unknown_do_not_come_back(live):
    asked = {"purpose": "resident_change", "grounds": "duty"}
    stated = {"reason": "転入", "address": ADDRESS}
    dead = live_run.handle(live, 31)
    assert asks(live, "update", "R02", **asked, resident=dead, reason="死亡").granted
    live.clock.at += timedelta(days=1)
    for who, words in ((dead, "recorded as dead"), (live_run.nobody(), "nobody who was removed here")):
        with pytest.raises(BadValueError, match=words):
            asks(live, "register", "R02", **asked, **stated, newcomer=who)
    live._policy = live_run.hiding("R02")
    live.restore()
    hidden = live_run.handle(live, live_run.guarded(live))
    told = asks(live, "register", "R02", **asked, **stated, newcomer=hidden)
    assert (told.code, told.rows) == ("not_found", [])


def test_a_command_here_and_the_server_there(pair, both, tmp_path):
    """転入 by commands HERE; the server of THERE closes its record before it answers, and both logs verify."""
    run = live_run.link(pair, tmp_path / "here")
    with Live.open(run, municipality=THERE, clock=SimClock(OPENING)) as there:
        person, member = alone(there, both), clerk(there, "R01").code
        handle = there.people.handle(person["resident_code"])
        with served(there) as client:
            headers = log_on(client, member, "resident_change")
            search = {"url": "/v1/search", "headers": headers, "json": {"resident_code": person["resident_code"]}}
            assert client.post(**search).json()["hits"] == 1
            code, staff = person["resident_code"], here_clerk(run)
            (shown,) = command(run, staff, "national", "--resident-code", code)["rows"]
            command(run, staff, "register", "--reason", "転入", "--newcomer", shown["resident"], "--address", ADDRESS)
            there.clock.at += timedelta(minutes=1)
            assert client.post(**search).json()["hits"] == 0
            history = client.post("/v1/history", headers=headers, json={"resident": handle}).json()
        assert history["rows"][-1]["reason"] == "転出確定"
        logs = [live_run.live_file(there), live_run.live_file(there).with_name(f"{HERE}.db")]
    assert [verify_live(log, Dataset.open(pair.run).root) for log in logs] == [[], []]


def here_clerk(run):
    with Live.open(run, municipality=HERE, clock=SimClock(OPENING)) as here:
        return clerk(here, "R01").code


def command(run, staff, *words):
    """What a command HERE prints as JSON."""
    told = CliRunner().invoke(
        app,
        ["query", "--municipality", HERE, str(run), *words, "--as", staff, "--purpose", "resident_change", "--grounds",
         "duty", "--at", "2025-04-10T09:00", "--format", "json"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def test_who_moves_on_is_told_to_the_one_that_was_left_last(tmp_path):
    """From the third of three to the first and on to the second: the first is told, the codes are kept."""
    codes = (HERE, THERE, BEYOND)
    run = live_run.link(neighbours.made(tmp_path, codes, residents=800), tmp_path / "here")
    with contextlib.ExitStack() as stack:
        first, second, third = (
            stack.enter_context(Live.open(run, municipality=code, clock=SimClock(OPENING))) for code in codes
        )
        person = alone(third, pl.DataFrame({"resident_code": []}))
        code = person["resident_code"]
        assert arrive(first, code).granted
        for live in (second, third):
            live.clock.at += timedelta(days=5)
        assert not living(third, code)
        assert arrive(second, code).granted
        first.clock.at += timedelta(days=6)
        third.clock.at += timedelta(days=6)
        assert [living(live, code) for live in (first, second, third)] == [False, True, False]
        assert [len(live.journal.select(UPDATES)) for live in (first, second, third)] == [2, 1, 1]
        (row,) = second.register.persons([2**31])
        assert {name: row[name] for name in ("my_number", "family_name")} == {
            name: person[name] for name in ("my_number", "family_name")
        }
        assert row["came_from"] == first.municipality.prefecture + first.municipality.name
    with Live.open(run, municipality=THERE, clock=SimClock(OPENING)) as again:
        assert again.register.persons([2**31]) == [row]


def test_a_newcomer_without_a_record_in_the_run_is_not_taken_over(opened):
    """Whom another municipality entered from outside has no record that a second could read again: it is said."""
    here, there = opened(HERE), opened(THERE)
    came = {**NEW, "reason": "転入", "came_from": "x", "birth_date": "1990-04-01", "address": ADDRESS}
    assert ask(there, "register", "R01", "resident_change", grounds="duty", **came).granted
    (row,) = national(here, name="珊瑚礁", match="prefix").rows
    with pytest.raises(BadValueError, match="was entered there since the run was made"):
        ask(here, "register", "R01", "resident_change", reason="転入", newcomer=row["resident"], grounds="duty",
            address=ADDRESS)  # fmt: skip
