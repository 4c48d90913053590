"""Transaction cases: complete, and remade from the rules (anew: pytest --update-golden -m slow tests/cases)."""

import dataclasses
from datetime import date

import pytest

import simulator
from simulator.cases import making
from simulator.cases.transaction import FILE, TransactionCase, transaction_cases
from simulator.registry import Registry
from simulator.schema import CHANGE

NEVER_IN_A_WINDOW = {"世帯構成変更"}
"""Told of the past only."""
CASES = transaction_cases()


def test_all_kinds_are_covered():
    """Every kind of change has a case that is accepted; protection and unknown dates have all three outcomes."""
    accepted = {case.reason for case in CASES if case.topic == "change" and case.expected == "accepted"}
    assert accepted == set(CHANGE["reason"].choices) - NEVER_IN_A_WINDOW
    outcomes = {(case.topic, case.expected) for case in CASES}
    assert {("protection", word) for word in ("accepted", "alert", "error")} <= outcomes
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_whole(case):
    """A refusal changes nothing and says why in Japanese; every case names its source; what is omitted is not shown."""
    assert case.source
    assert case.sure in ("yes", "assumed")
    assert case.expected in ("accepted", "alert", "error")
    if case.expected == "error":
        assert case.after == case.before
        assert case.message
    assert not set(case.shown) & set(case.omitted)
    assert TransactionCase.read(case.row()) == case


@pytest.mark.parametrize("reason", ["転居", "死亡"])
def test_rules_still_say_so(reason):
    """Made anew in a small town, the same variants have the same outcome by the same rule."""
    made = making.make(residents=2_000, reasons=(reason,))
    told = {(case.name, case.expected, case.by) for case in CASES if case.reason == reason and case.topic == "change"}
    assert {(case.name, case.expected, case.by) for case in made if case.topic == "change"} == told
    rest = [case for case in CASES if case.topic != "change"]
    assert [case for case in made if case.topic != "change"] == rest


def test_days_of_a_measure_are_the_registers():
    """A measure holds from its first day up to, not including, valid_to: what the cases say of days, the store does."""
    people = simulator.people(1_500, seed=3)
    one = people.protections.head(1)
    assert one.height, "the town of this seed has a protected resident"
    whole = dataclasses.replace(
        people, protections=one.with_columns(valid_from=date(2025, 7, 1), valid_to=date(2026, 7, 1))
    )
    times = Registry.of(whole).times
    who = one["resident_no"].to_numpy().astype("int64")
    for case in CASES:
        if case.by == "register":
            day = date.fromisoformat(case.notice["請求日"])
            guarded = bool(times.protected(who, who * 0 + (day - date(1970, 1, 1)).days)[0])
            assert guarded == (case.expected == "error"), case.name


@pytest.mark.slow
def test_file_is_what_the_rules_make(request, tmp_path):
    """Every case of the file, made anew from the 200,000 residents."""
    making.write(making.make(), tmp_path / "made.csv")
    if request.config.getoption("--update-golden"):
        FILE.write_bytes((tmp_path / "made.csv").read_bytes())
    assert FILE.read_bytes() == (tmp_path / "made.csv").read_bytes()
