"""Newcomers: births and arrivals, their numbers, and that they are the same when the log is read again."""

import json
import shutil
from datetime import timedelta

import live_run
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.dataset import Dataset, verify
from simulator.errors import StorageError
from simulator.live.citizen import who_looked
from simulator.live.desk import Live, Request
from simulator.live.question import BadValueError
from simulator.live.verification import verify_live
from simulator.world.check_digits import passes

NEW = {
    "sex": "female", "family_name": "珊瑚礁", "given_name": "花子", "family_kana": "サンゴショウ",
    "given_kana": "ハナコ",
}  # fmt: skip
BORN = {"reason": "出生", "relationship": "子", **NEW}
CAME = {
    "reason": "転入", "came_from": "蒼海県朝霧市", "address": "中央一丁目2番3号", "birth_date": "1990-04-01", **NEW,
    "given_kana": "アン",
}  # fmt: skip


def ask(live, question, role, **values):
    live.clock.at += timedelta(seconds=2)
    return live.ask(
        Request(
            question=question,
            staff=live_run.staff(live, role),
            purpose="resident_change",
            values=values,
            case_no=live_run.CASE,
            grounds="duty",
        )
    )


@pytest.fixture
def both(live):
    """A birth into the household of a resident, and an arrival with one of her own."""
    made = (
        ask(live, "register", "R02", resident=live_run.handle(live, 20), **BORN),
        ask(live, "register", "R02", **CAME),
    )
    assert [each.code for each in made] == ["ok", "ok"]
    assert [each.rows[0]["family_name"] for each in made] == ["珊瑚礁", "珊瑚礁"]
    return [each.rows[0]["resident"] for each in made]


def test_newcomers_are_found_viewed_and_certified(live, both):
    found = ask(live, "search", "R01", name="珊瑚礁", match="prefix")
    assert [row["resident"] for row in found.rows] == both[::-1]
    born, came = both
    homes = [
        [row["resident"] for row in ask(live, "household", "R02", resident=who).rows]
        for who in (live_run.handle(live, 20), born)
    ]
    assert homes[0] == homes[1]
    assert {live_run.handle(live, 20), born} <= set(homes[0])
    assert [row["reason"] for row in ask(live, "history", "R02", resident=came).rows] == ["転入"]
    moved = ask(live, "update", "R01", resident=came, reason="転居", address="南町一丁目1番1号")
    assert moved.rows[0]["address"] == "南町一丁目1番1号"
    paper = ask(live, "issue", "R01", kind="household", resident=born)
    assert "珊瑚礁 花子" in paper.document
    assert who_looked(live, live.register.persons([2**31 + 1])[0]["resident_code"]).rows


def test_their_numbers_are_wrong_on_purpose_and_not_in_the_log(live, both):
    log = json.dumps(live.journal.select("SELECT detail FROM event WHERE detail IS NOT NULL"))
    rows = live.register.persons([2**31, 2**31 + 1])
    assert len(rows) == len({row["resident_code"] for row in rows}) == len(both)
    for row in rows:
        for name in ("resident_code", "my_number"):
            assert not passes(row[name])
            assert row[name] not in log
    assert rows[0]["birth_date"] == rows[0]["resident_since"] == live.clock.at.date().isoformat()
    event = live.journal.select("SELECT * FROM event ORDER BY event_id DESC LIMIT 1")[0]
    assert event["resident"] == live.people.resident(2**31 + 1)
    assert event["rows_returned"] == 1
    assert event["fields"].startswith("name+address")


def test_they_are_the_same_when_opened_again(folder, hall_folders):
    """And the run is not touched."""
    with Live.open(folder, clock=live_run.clock()) as live:
        parent = live_run.handle(live, 20)
        made = ask(live, "register", "R02", resident=parent, **BORN), ask(live, "register", "R02", **CAME)
        rows, path = live.register.persons([2**31, 2**31 + 1]), live_run.live_file(live)
    with Live.open(folder, clock=live_run.clock()) as live:
        assert live.register.persons([2**31, 2**31 + 1]) == rows
        assert [ask(live, "view", "R01", resident=each.rows[0]["resident"]).code for each in made] == ["ok", "ok"]
    assert verify_live(path, Dataset.open(hall_folders.run).root) == []
    assert not verify(hall_folders.run)


def test_what_was_recorded_before_a_key_was_rotated_still_holds(hall_folders, tmp_path):
    """The log has the pseudonyms of the older version; whom they mean is found as long as that can be read."""
    run = live_run.link(hall_folders, tmp_path / "rotated")
    keys = run.with_name(f"{run.name}.keys")
    keys.unlink()
    shutil.copytree(hall_folders.keys, keys)
    with Live.open(run, clock=live_run.clock()) as live:
        assert ask(live, "update", "R02", resident=live_run.handle(live, 30), reason="転出", destination="x").granted
        born = ask(live, "register", "R02", resident=live_run.handle(live, 20), **BORN).rows[0]["resident"]
        assert ask(
            live, "update", "R02", resident=born, reason="氏名変更", family_name="海", family_kana="ウミ"
        ).granted
    told = CliRunner().invoke(app, ["keys", "rotate", str(keys / "keyring")])
    assert told.exit_code == 0, told.output
    with Live.open(run, clock=live_run.clock()) as live:
        assert live.register.standing(30, live_run.OPENING.date() + timedelta(days=1)).removed
        assert live.register.persons([2**31])[0]["family_name"] == "海"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"reason": "出生", **NEW}, "resident: 出生 needs it"),
        ({"reason": "出生", "came_from": "x", **NEW}, "comes from nowhere"),
        ({"reason": "転入", **NEW}, "came_from: 転入 needs it"),
        ({"reason": "転入", "came_from": "x", "birth_date": "1990-04-01", **NEW}, "address: 転入 needs it"),
        ({"reason": "転入", "came_from": "x", "birth_date": "1990-04-01", "address": "y", "relationship": "子", **NEW},
         "世帯主"),
        ({"reason": "転入", "came_from": "x", "birth_date": "2099-04-01", "address": "y", **NEW}, "after today"),
        ({"reason": "転入", "newcomer": live_run.nobody(), "address": "y"}, "nobody who was removed here"),
        ({"reason": "転入", "newcomer": live_run.nobody(), "address": "y", "sex": "male"}, "known of the newcomer"),
    ],
)  # fmt: skip
def test_newcomers_that_cannot_be_are_named(live, stated, words):
    with pytest.raises(BadValueError, match=words):
        ask(live, "register", "R02", **stated)
    assert live.register.newcomers == {}


def test_nobody_is_born_to_the_hidden_or_where_the_log_is_not_written(live, monkeypatch):
    """A parent who is hidden is as one who does not exist; a newcomer whose event is not on disk is nobody."""
    live._policy = live_run.hiding("R02")
    live.restore()
    for parent in (live_run.handle(live, live_run.guarded(live)), live_run.nobody()):
        told = ask(live, "register", "R02", resident=parent, **BORN)
        assert (told.code, told.rows) == ("not_found", [])
    with monkeypatch.context() as patch:
        patch.setattr(live.journal._shelf.connection, "execute", lambda *_: (_ for _ in ()).throw(StorageError("full")))
        with pytest.raises(StorageError):
            ask(live, "register", "R02", resident=live_run.handle(live, 20), **BORN)
    assert live.register.newcomers == {}
    assert ask(live, "register", "R02", resident=live_run.handle(live, 21), **BORN).granted
