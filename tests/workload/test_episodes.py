"""The engine plays what it promises and writes down the truth as it is made."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from simulator.access import Outcome
from simulator.errors import CheckError
from simulator.streams import Stream
from simulator.workload import play
from simulator.workload.archetype import Kind, Story
from simulator.workload.archetypes import records
from simulator.workload.circle import Circle
from simulator.workload.context import LOOKING, Caseload, Context
from simulator.workload.plan import acts

MISUSE = {"M06": {"episodes": 3}, "M12": {"episodes": 2}}


def _outcome(decision):
    return Outcome(
        decision=decision, reason="OK", hits=1, rows_returned=1, shown=(), fields=None, protected_alert=False
    )


def _play(town, office, plan, misuse, decision="allow"):
    asked = []

    def submit(request):
        asked.append(request)
        return _outcome(decision)

    return play(misuse, town, office, plan, stream=Stream(1, "/misuse"), submit=submit), asked


@pytest.fixture(scope="module")
def people(town):
    return town


@pytest.fixture(scope="module")
def run(people, office, plan):
    return _play(people, office, plan, MISUSE)[0]


def _context(people, office, plan, seed=1):
    shared = Circle.of(people, office), Story(), Caseload.of(plan, people)
    return Context(Stream(seed, "/context").scalar(), people, office, *shared)


@pytest.fixture
def context(people, office, plan):
    return _context(people, office, plan)


def test_every_episode_is_played(run):
    """As many episodes of each kind come out as were asked for, numbered from 1."""
    wanted = [f"{name}-{k:03d}" for name, table in MISUSE.items() for k in range(1, table["episodes"] + 1)]
    assert run.episodes.filter("misuse")["episode_id"].to_list() == wanted


@pytest.mark.parametrize("name", ["M06", "M12"])
def test_promise_is_checked_without_cases(people, office, plan, name):
    """Without a case to take an episode fails, instead of a run that lacks it."""
    empty = plan.without(np.ones(plan.cases.height, dtype=bool))
    with pytest.raises(CheckError, match=f"episode {name}-001 found no case to take: give more days"):
        _play(people, office, empty, {name: {"episodes": 1}})


def test_promise_is_checked_when_cases_run_out(people, office, plan):
    """The first episode that finds every case taken is named."""
    load, staff = Caseload.of(plan, people), office.posted("property_tax")
    others = np.ones(plan.cases.height, dtype=bool)
    others[load.having(load.of_staff(staff, 0, 99), LOOKING)[0]] = False
    with pytest.raises(CheckError, match="episode M06-002 found no case to take"):
        _play(people, office, plan.without(others), {"M06": {"episodes": 2}})


def test_cases_without_a_view_are_not_taken(people, office, plan, context):
    """A case that has no view, or no search, is never taken over."""
    views = np.array([act.action == "view" for _, act in acts()])[plan.steps.act]
    blind = dataclasses.replace(plan, steps=plan.steps.take(np.flatnonzero(~views)))
    hidden = _context(people, office, blind)
    assert hidden.take(context.staff("property_tax"), 0, 20) is None


def test_a_case_is_taken_once(context, people):
    """Taking until nothing is left gives each case once, all within the days, of the people asked for."""
    staff = context.staff("electoral", "property_tax")
    taken = []
    while (case := context.take(staff, 3, 20)) is not None:
        taken.append(case)
    assert len(taken) > 5
    assert len({case.case_index for case in taken}) == len(taken)
    assert {case.staff_no for case in taken} <= set(staff)
    days = {(row["at"].date() - people.window.start).days for case in taken for row in case.steps}
    assert days <= set(range(3, 21))


def test_every_case_is_as_likely_to_be_taken(plan, people, office):
    """Who has a tenth of the cases is drawn for about a tenth of the misuse, not for half of it."""
    load = Caseload.of(plan, people)
    whole = load.having(np.arange(plan.cases.height), LOOKING)
    numbers, counts = np.unique(plan.cases["staff_no"].to_numpy()[whole], return_counts=True)
    busy, quiet = numbers[np.argmax(counts)], numbers[np.argmin(np.abs(counts - counts.max() // 9))]
    lawful, few = (int(counts[numbers == no][0]) for no in (busy, quiet))
    rounds, share, hits = 200, few / (few + lawful), 0
    for number in range(rounds):
        context = _context(people, office, plan, number)
        hits += context.take([int(busy), int(quiet)], 0, 99).staff_no == quiet
    assert abs(hits / rounds - share) < 4 * (share * (1 - share) / rounds) ** 0.5


def test_news_breaks_on_working_days(plan, people, office, context):
    """The day of an episode is one on which its people have cases, not one of closed counters."""
    staff = context.staff("branch_east", "branch_west")
    worked = plan.cases.filter(pl.col("staff_no").is_in(staff))["opened"].dt.date().unique()
    days = {(day - people.window.start).days for day in worked}
    drawn = {context.working_day(staff, 20) for _ in range(60)}
    assert drawn <= {day for day in days if day <= 20}
    assert len(drawn) > 5


def test_refused_actor_gives_up(people, office, plan):
    """An actor who is refused asks no more in that case, and the refusal is written down."""
    run, asked = _play(people, office, plan, {"M06": {"episodes": 1, "most_visits": 1}}, "deny")
    assert len(asked) == 1
    assert run.answers == {asked[0].request_no: "deny"}
    assert run.labels.filter("misuse").height == 1


def test_misuse_keeps_everything_but_resident_and_case(run, plan):
    """A hijacked request differs from the lawful one in its resident alone, or in its case number."""
    made = run.requests.join(run.labels.filter("misuse"), on="request_no", how="semi").drop("target", "case_no")
    same = plan.requests.drop("target", "case_no").join(made.select("request_no"), on="request_no", how="semi")
    assert made.sort("request_no").equals(same.sort("request_no"))


def _taken(run, plan):
    misuse = run.labels.filter("misuse")
    return plan.request_case.join(misuse, on="request_no", how="semi")["case_index"].unique()


def test_hidden_cases_leave_the_auditor_s_list(people, office, plan):
    """Under forged numbers each taken case is hidden, and no case that was hidden comes to light."""
    forge = {"number": "forge"}
    run, _ = _play(people, office, plan, {"M12": {"episodes": 1, "stealth": 1.0, "evade": forge}})
    taken = _taken(run, plan)
    assert not run.cases.filter(pl.col("case_index").is_in(taken.implode()))["visible"].any()
    others = ~pl.col("case_index").is_in(taken.implode())
    assert run.cases.filter(others).equals(plan.cases.filter(others))
    assert not (run.labels.filter("misuse")["reason_status"] == "borrowed").any()


def test_entered_cases_stand_in_the_list_for_the_victim(people, office, plan):
    """At full stealth the list has each taken case as the victim's, where it is seen, and no other changed."""
    run, _ = _play(people, office, plan, {"M12": {"episodes": 1, "stealth": 1.0}})
    taken = _taken(run, plan)
    mine = pl.col("case_index").is_in(taken.implode())
    victim = run.episodes.filter("misuse")["resident_nos"][0]
    assert set(run.cases.filter(mine)["resident_no"]) == set(victim)
    assert run.cases.filter(mine)["visible"].all()
    assert run.cases.drop("resident_no", "visible").equals(plan.cases.drop("resident_no", "visible"))
    assert run.cases.filter(~mine).equals(plan.cases.filter(~mine))
    assert set(run.labels.filter("misuse")["reason_status"]) == {"forged"}


def test_lookalikes_are_labelled_and_never_misuse(run):
    """Look-alikes of both kinds are labelled as such, with an episode each, and none of them is misuse."""
    lawful = run.labels.filter(~pl.col("misuse"))
    kinds = {name for name, archetype in records().items() if archetype.kind is Kind.LOOKALIKE}
    assert set(lawful["archetype"]) <= kinds
    assert len(set(lawful["archetype"])) >= 14
    assert lawful["lookalike"].all()
    assert not run.labels.filter("misuse")["lookalike"].any()
    episodes = run.episodes.filter(~pl.col("misuse"))
    assert set(lawful["episode_id"]) == set(episodes["episode_id"])
    assert set(lawful["reason_status"]) == {"real"}
    assert lawful["request_no"].is_unique().all()
    assert set(lawful["request_no"]).isdisjoint(run.labels.filter("misuse")["request_no"])


def test_lookalikes_come_from_their_procedures(run, plan):
    """Each look-alike's requests belong to cases of its own procedures, about its resident."""
    cases = plan.request_case.join(plan.cases, on="case_index")
    found = run.labels.filter("lookalike").join(cases, on="request_no").join(run.episodes, on="episode_id")
    lists = run.labels.filter("lookalike").join(cases, on="request_no", how="anti")
    assert set(lists["archetype"]) == {"L08"}
    for name, part in found.group_by("archetype"):
        assert set(part["procedure"]) <= set(records()[name[0]].procedures or part["procedure"])
    assert found.filter(~pl.col("resident_no").is_in(pl.col("resident_nos"))).is_empty()


def test_crowds_of_lookalikes_have_enough_actors(run):
    """After a death at least as many people as the knob says handle the same resident."""
    crowds = run.episodes.filter(pl.col("archetype") == "L07")
    assert crowds.height > 0
    assert crowds["staff_nos"].list.len().min() >= records()["L07"].params().actors


def test_labels_and_requests_agree(run):
    """Every label is of a request of the run, and no request has two."""
    assert run.labels["request_no"].is_unique().all()
    assert run.labels.join(run.requests, on="request_no", how="anti").is_empty()
