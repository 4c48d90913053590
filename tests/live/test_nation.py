"""What passes between the municipalities of a run: searches over the network, and measures that are forwarded."""

import dataclasses
from datetime import date, datetime, timedelta

import live_run
import pytest
from neighbours import HERE, OPENING, THERE, alone, ask, national

from simulator.access import Policy
from simulator.access.policy.rules import read_role
from simulator.clock import JST, SimClock
from simulator.errors import MissingError
from simulator.live.desk import Live
from simulator.live.nation import PLACE_BITS
from simulator.live.question import BadValueError
from simulator.population.protect import ASSUMED_FORWARD_DAYS


def test_a_search_over_the_network_finds_residents_of_every_municipality(opened, both):
    """Four items, and codes for who is granted them, no household; the event has this log's pseudonyms."""
    here, there = opened(HERE, policy=live_run.everything()), opened(THERE)
    person = alone(there, both)
    assert ask(here, "search", "R01", "resident_change", resident_code=person["resident_code"]).hits == 0
    found = national(here, resident_code=person["resident_code"])
    assert here.journal.select("SELECT screen, system FROM event ORDER BY event_id DESC LIMIT 1") == [
        {"screen": "national", "system": "JUKI"}
    ]
    assert (found.hits, len(found.rows)) == (1, 1)
    row = found.rows[0]
    names = ("family_name", "given_name", "birth_date", "sex", "address", "resident_code", "my_number")
    assert {name: row[name] for name in names} == {name: person[name] for name in names}
    assert not {"household", "relationship", "head", "registry_town"} & set(row)
    shown = here.journal.select("SELECT * FROM shown ORDER BY event_id DESC LIMIT 1")[0]
    assert shown["event_id"] == found.event
    assert shown["resident"] == here._tokens.resident((1 << PLACE_BITS) + person["resident_no"]) != b""
    assert shown["resident"] != there._tokens.resident(person["resident_no"])
    assert ask(here, "view", "R01", "resident_change", resident=row["resident"]).code == "not_found"


def test_names_are_counted_and_listed_over_all_in_one_order(opened):
    here, there = opened(HERE), opened(THERE)
    names = [
        {row["family_kana"] for row in live.register.base.connection.select(
            "SELECT family_kana FROM resident GROUP BY family_kana HAVING count(*) BETWEEN 3 AND 12", {})}
        for live in (here, there)
    ]  # fmt: skip
    family = min(names[0] & names[1])
    apart = [
        ask(live, "search", "R01", "resident_change", kana=family, match="prefix", grounds="duty")
        for live in (here, there)
    ]
    assert [each.code for each in apart] == ["ok", "ok"]
    found = national(here, kana=family, match="prefix")
    assert found.hits == sum(each.hits for each in apart)
    order = [(row["family_kana"] + row["given_kana"], row["birth_date"]) for row in found.rows]
    assert order == sorted(order)
    assert len(found.rows) == min(found.hits, sum(len(each.rows) for each in apart))


def test_what_another_municipality_recorded_is_found(opened, both):
    """A new name there is found here at the next search, without opening anything again."""
    here, there = opened(HERE), opened(THERE)
    person = alone(there, both)
    assert national(here, resident_code=person["resident_code"]).rows[0]["family_name"] != "珊瑚礁"
    changed = ask(there, "update", "R03", "resident_change", grounds="duty", reason="氏名変更", family_name="珊瑚礁",
                  family_kana="サンゴショウ", resident=there.people.handle(person["resident_code"]))  # fmt: skip
    assert changed.granted, changed
    assert national(here, name="珊瑚礁", match="prefix").hits == 1


def hiding(pair_role="R01"):
    """The shipped policy, but that no protected resident exists for `pair_role`."""
    files = [read_role(path) for path in sorted(live_run.FOLDER.glob("*.toml"))]
    hidden = [
        dataclasses.replace(found, rule=tuple(dataclasses.replace(rule, protected="hide") for rule in found.rule))
        if found.role == pair_role
        else found
        for found in files
    ]
    return Policy.of(hidden)


def test_the_protected_of_another_municipality_are_hidden_where_the_policy_hides_them(opened):
    there = opened(THERE)
    number = live_run.guarded(there)
    person = there.register.persons([number])[0]
    first = opened(HERE, policy=hiding())
    found = national(first, resident_code=person["resident_code"])
    absent = national(first, resident_code="0" * 11)
    assert dataclasses.replace(found, event=0) == dataclasses.replace(absent, event=0)
    assert (found.hits, found.rows, found.alert) == (0, [], False)
    first.close()
    second = opened(HERE)
    told = national(second, resident_code=person["resident_code"])
    assert told.alert
    assert told.hits == 1


def protect(live, number, since, until):
    return ask(
        live, "protect", "R03", "resident_change", grounds="duty", other_party="某", since=since.isoformat(),
        until=until.isoformat(), resident=live.people.handle(live.register.persons([number])[0]["resident_code"]),
    )  # fmt: skip


def test_a_measure_acts_elsewhere_when_it_has_arrived_and_not_before(opened, both):
    """Taken THERE, where the resident lives now; HERE still has the removed record, with the new address in it."""
    here, there = opened(HERE), opened(THERE)
    today = OPENING.date()
    mover = next(
        row
        for row in both.iter_rows(named=True)
        if there.register.standing(row["resident_no_there"], today).live
        and here.register.standing(row["resident_no"], today).removed
    )
    made = protect(there, mover["resident_no_there"], today, today + timedelta(days=365))
    assert made.granted, made
    code, _, day = made.rows[0]["forwarded"].partition(" ")
    arrives = date.fromisoformat(day)
    assert code == HERE
    assert 1 <= (arrives - today).days <= ASSUMED_FORWARD_DAYS
    handle = here.people.handle(mover["resident_code"])
    asked = {"resident": handle, "grounds": "duty"}
    assert not ask(here, "removed", "R01", "resident_change", **asked).alert
    here.clock.at = datetime(arrives.year, arrives.month, arrives.day, 9, tzinfo=JST) - timedelta(days=1)
    assert not ask(here, "removed", "R01", "resident_change", **asked).alert
    here.clock.at = datetime(arrives.year, arrives.month, arrives.day, 9, tzinfo=JST)
    seen = ask(here, "removed", "R01", "resident_change", **asked)
    assert seen.alert
    here.close()
    again = opened(HERE, day=(arrives - today).days)
    assert ask(again, "removed", "R01", "resident_change", **asked).alert
    again.close()
    strict = opened(HERE, day=(arrives - today).days, policy=hiding())
    assert ask(strict, "removed", "R01", "resident_change", **asked).code == "not_found"


def test_the_end_of_a_measure_is_forwarded_too(opened, both):
    here, there = opened(HERE), opened(THERE)
    today = OPENING.date()
    mover = next(
        row for row in both.iter_rows(named=True) if there.register.standing(row["resident_no_there"], today).live
    )
    assert protect(there, mover["resident_no_there"], today, today + timedelta(days=365)).granted
    there.clock.at += timedelta(days=40)
    assert protect(there, mover["resident_no_there"], today, today).granted
    late = today + timedelta(days=41 + ASSUMED_FORWARD_DAYS)
    assert here.nation.received(here.register)[mover["resident_no"]][-1][1] <= late
    here.clock.at = datetime(late.year, late.month, late.day, 9, tzinfo=JST)
    ask(here, "search", "R01", "resident_change", kana="ア")
    assert not here.register.standing(mover["resident_no"], late).protected


def test_who_comes_from_another_municipality_keeps_the_codes(opened, both):
    """転入 of one whom the network showed; the log says where the record stands, and holds neither code nor name."""
    here, there = opened(HERE), opened(THERE)
    person = alone(there, both)
    found = national(here, resident_code=person["resident_code"]).rows[0]
    came = ask(here, "register", "R01", "resident_change", reason="転入", newcomer=found["resident"], grounds="duty",
               address="中央一丁目2番3号")  # fmt: skip
    assert came.granted, came
    assert came.rows[0]["resident"] == found["resident"]
    (row,) = here.register.persons([2**31])
    kept = ("resident_code", "my_number", "family_name", "birth_date", "registry_town")
    assert {name: row[name] for name in kept} == {name: person[name] for name in kept}
    assert row["came_from"] == there.municipality.prefecture + there.municipality.name
    logged = str(here.journal.select("SELECT detail FROM event WHERE detail IS NOT NULL"))
    assert not any(person[name] in logged for name in ("resident_code", "my_number", "family_name"))
    assert ask(here, "view", "R01", "resident_change", resident=found["resident"], grounds="duty").granted
    with pytest.raises(BadValueError, match="lives here already"):
        ask(here, "register", "R01", "resident_change", reason="転入", newcomer=found["resident"], grounds="duty",
            address="南町一丁目1番1号")  # fmt: skip
    assert national(there, resident_code=person["resident_code"]).hits == 1  # which closes its own first
    here.close()
    assert opened(HERE).register.persons([2**31]) == [row]


def test_a_register_that_is_not_there_is_named(pair, tmp_path):
    """A search over the network says which register it lacks; nothing else is hindered."""
    run = live_run.link(pair, tmp_path / "here")
    with Live.open(run, municipality=HERE, clock=SimClock(OPENING)) as live:
        live.nation.opening = lambda code: (_ for _ in ()).throw(MissingError(code))
        assert ask(live, "search", "R01", "resident_change", kana="ア").granted
        with pytest.raises(MissingError, match=THERE):
            national(live, kana="ア")
