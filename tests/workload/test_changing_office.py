"""An office that changes within a run: second posts, sections merged and renamed, a new system, a stricter rule."""

import dataclasses
from datetime import date

import polars as pl
import pytest

from simulator import scenario, spec
from simulator.access import PolicyChange
from simulator.dataset import verify, verify_people
from simulator.detect import evidence
from simulator.errors import SpecError, UnknownNameError
from simulator.generation import Order, generate
from simulator.live.desk import Live, Request
from simulator.pseudonym import PseudonymKey
from simulator.rederive import rederive
from simulator.workload import OfficeSpec, check_office
from simulator.workload.settings import Reorganisation, Replacement

c = pl.col
MERGED, RENAMED, STRICTER, REPLACED = (date(2025, 3, day) for day in (17, 18, 18, 20))
WELFARE = Reorganisation(on=MERGED, sections=("elderly", "disability"), code="welfare", title="福祉課")
COUNTER = Reorganisation(on=RENAMED, sections=("citizen",), code="counter", title="総合窓口課")
RULE = PolicyChange(on=STRICTER, rule="R01-look", require=("grounds",), daily=40)


@pytest.fixture(scope="module")
def changing(tmp_path_factory):
    """Fourteen days of an office of 140 with everything at once, from its own TOML."""
    mini = scenario.load("mini")
    office = OfficeSpec(
        staff=140, two_posts=0.5, reorganised=(COUNTER, WELFARE), replaced=(Replacement(on=REPLACED, auth="card"),)
    )
    work = dataclasses.replace(mini.workload, volume=2.0)
    people = dataclasses.replace(mini.population, residents=3_000)
    wanted = dataclasses.replace(mini, population=people, office=office, workload=work, policy=(RULE,))
    folder = tmp_path_factory.mktemp("changing")
    (folder / "changing.toml").write_text(spec.to_toml(wanted), encoding="utf-8")
    loaded = scenario.load(str(folder / "changing.toml"))
    return generate(Order(scenario=loaded, seed=2, key=PseudonymKey.insecure()), folder / "run")


@pytest.fixture(scope="module")
def days(changing):
    return changing.table("event").with_columns(
        c("role", "action", "auth_method").cast(pl.String), day=c("at").dt.date()
    )


def test_the_run_is_whole_and_its_truth_derived_again(changing):
    """Files, register and answer key hold as in any run; it passed the leak gate to get its name."""
    assert verify(changing.path) == []
    assert verify_people(changing) == []
    assert rederive(changing.path) == []


def test_sections_bear_the_name_of_the_day(changing, days):
    """In log and case list alike; the list of sections has old and new."""
    for old, new, since in (
        ("elderly", "welfare", MERGED),
        ("disability", "welfare", MERGED),
        ("citizen", "counter", RENAMED),
    ):
        tables = {
            "event": days, "case": changing.table("case").with_columns(day=c("opened").dt.date()),
        }  # fmt: skip
        for name, rows in tables.items():
            assert rows.filter(c("section") == old)["day"].max() < since, (name, old)
            assert rows.filter(c("section") == new)["day"].min() >= since, (name, new)
    titles = dict(changing.table("section").select("section", "title").iter_rows())
    assert titles["welfare"] == "福祉課"
    assert titles["elderly"] == "高齢介護課"


def test_whoever_asks_has_an_account_for_the_section_of_the_event(changing, days):
    """On that day: the gate, the account register and the log agree, second posts included."""
    asked = days.filter(c("action").is_in(["view", "search", "issue"])).select(
        "event_id", "actor", "section", "role", "day"
    )
    accounts = changing.table("account").with_columns(c("role").cast(pl.String))
    held = asked.join(accounts, on=["actor", "section", "role"]).filter(
        c("valid_from") <= c("day"), c("valid_to").is_null() | (c("day") < c("valid_to"))
    )
    assert set(held["event_id"]) == set(asked["event_id"])
    assert asked.height > 1_000


def test_second_posts_are_two_days_of_the_week_at_a_terminal_of_that_section(changing, days):
    """One place a day; two accounts open at once; work in both sections."""
    roster = changing.table("roster")
    assert roster.group_by("actor", "day").len()["len"].max() == 1
    before = days.filter(c("day") < MERGED, c("section") != "network")
    both = before.group_by("actor").agg(c("section").n_unique()).filter(c("section") == 2)["actor"]
    assert len(both) >= 10
    at = before.filter(c("actor").is_in(both.implode())).join(
        changing.table("terminal"), on="terminal", suffix="_there"
    )
    assert (at["section"] == at["section_there"]).all()
    assert evidence.enrich(changing).filter(c("actor").is_in(both.implode()))["account_valid"].all()


def test_a_new_system_has_new_terminals_and_one_way_in(days):
    """No terminal of people is used before and after; machines stay."""
    people = days.filter(c("section") != "network")
    old, new = (set(people.filter(when)["terminal"]) for when in (c("day") < REPLACED, c("day") >= REPLACED))
    assert old
    assert new
    assert not old & new
    assert set(people.filter(c("day") >= REPLACED)["auth_method"]) <= {"card", "temp_card"}
    assert "vein" in set(people["auth_method"])


def test_a_stricter_rule_asks_for_grounds_from_its_day_on(days):
    """Where the rule decides; other rules of the role stay."""
    looks = days.filter(c("reason").str.ends_with(":R01-look"), c("action") == "view", ~c("protected_alert"))
    told = dict(looks.group_by(c("day") >= STRICTER).agg(c("grounds").is_not_null().mean()).iter_rows())
    assert told[True] == 1.0
    assert told[False] < 0.5


def test_who_asks_the_run_later_meets_the_rule_as_it_ended(changing):
    """A live desk of the run prompts for grounds; one of a run without changes does not."""
    with Live.open(changing.path) as live:
        clerk = next(row for row in live.office.rows() if row["role"] == "R01" and row["terminal"])
        wanted = Request(question="search", staff=clerk["staff"], purpose="resident_certificate",
                         case_no="2025-100001", values={"kana": "サトウ", "match": "prefix"})  # fmt: skip
        assert live.ask(wanted).code == "grounds_needed"
        assert live.ask(dataclasses.replace(wanted, grounds="duty")).code == "ok"


@pytest.mark.parametrize(
    ("office", "words"),
    [
        (
            {"reorganised": (dataclasses.replace(WELFARE, sections=("elderly", "magic")),)},
            "there is no section 'magic'",
        ),
        ({"reorganised": (dataclasses.replace(WELFARE, code="child"),)}, "its code is taken"),
        ({"reorganised": (dataclasses.replace(WELFARE, sections=("elderly", "branch_east")),)}, "several buildings"),
        ({"reorganised": (WELFARE, dataclasses.replace(WELFARE, on=RENAMED, code="other"))}, "there is no section"),
        ({"replaced": (Replacement(on=date(2025, 3, 10)),)}, "after the first day"),
    ],
)
def test_changes_that_cannot_be_are_refused(office, words):
    """In words that name what there is."""
    with pytest.raises(ValueError, match=words):
        check_office(OfficeSpec(**office), date(2025, 3, 10))


def test_a_policy_change_of_no_rule_or_to_no_word_is_refused():
    """By the scenario, before anything is made."""
    mini = scenario.load("mini")
    with pytest.raises(UnknownNameError, match="R01-look"):
        dataclasses.replace(mini, policy=(dataclasses.replace(RULE, rule="R01-lok"),))
    with pytest.raises(UnknownNameError, match="requirement"):
        dataclasses.replace(mini, policy=(dataclasses.replace(RULE, require=("magic",)),))
    with pytest.raises(ValueError, match="after the first day"):
        dataclasses.replace(mini, policy=(dataclasses.replace(RULE, on=mini.start),))


def test_the_office_as_it_was_says_nothing_of_changes():
    """So that what shipped scenarios say of themselves stays."""
    text = spec.to_toml(scenario.load("mini"))
    assert not any(word in text for word in ("two_posts", "reorganised", "replaced", "policy"))
    with pytest.raises(SpecError):
        spec.build(OfficeSpec, {"two_posts": 1.5}, "office")
