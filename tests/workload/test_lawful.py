"""Lawful work keeps to roster, terminals and cases."""

import dataclasses
from datetime import date

import polars as pl
import pytest

from simulator.clock import Window
from simulator.errors import SpecError, UnknownNameError
from simulator.streams import Stream
from simulator.workload import OfficeSpec, WorkloadSpec, build_office, lookalikes, plan_lawful
from simulator.workload.archetypes import records
from simulator.workload.lookalikes import Evidence
from simulator.workload.procedure import procedures


def test_same_seed_gives_same_work(town, office, plan):
    """Planning twice gives the same frames, whatever the number of jobs."""
    again = plan_lawful(WorkloadSpec(), town, office, Stream(1, "/lawful"), jobs=2)
    assert again.requests.equals(plan.requests)
    assert again.cases.equals(plan.cases)


def test_kinds_are_many_and_nearly_all_come(plan):
    """There are more than thirty-five kinds of work, and what five weeks of spring hold of them comes."""
    assert len(procedures()) >= 35
    rare = {"disaster_certificate", "protection_renewal", "log_sampling", "after_death_child", "absentee_ballot"}
    missing = set(procedures()) - set(plan.cases["procedure"]) - rare
    assert len(missing) <= 8, missing


def test_volume_is_that_of_a_town_hall(plan, town):
    """Views lie between three and six a resident and year, move season included."""
    views = plan.requests.filter(pl.col("action") == "view").height
    per_year = views / town.residents.height * 365 / town.window.day_count
    assert 3 <= per_year <= 8


def _people(plan, office):
    """Requests of people, not of machines, on their day of the roster; refused log-ons left out."""
    machines = office.staff.filter(pl.col("section") == "network")["staff_no"]
    barred = office.staff.filter(~pl.col("staff_no").is_in(office.accounts["staff_no"].implode()))["staff_no"]
    kept = plan.requests.filter(
        ~pl.col("staff_no").is_in(machines.implode()), ~pl.col("staff_no").is_in(barred.implode())
    )
    return kept.with_columns(day=pl.col("at").dt.date())


def test_work_is_done_on_duty_and_never_at_lunch(plan, office):
    """Each request lies within its actor's hours, at the actor's terminal, and outside the lunch hour."""
    hour = pl.duration(hours=1)
    joined = _people(plan, office).join(office.roster, on=["staff_no", "day"], how="left")
    assert joined["starts"].null_count() == 0
    outside = (pl.col("at") < pl.col("starts")) | (pl.col("at") >= pl.col("ends"))
    lunch = pl.col("at").is_between(pl.col("lunch_starts"), pl.col("lunch_starts") + hour, closed="none")
    assert joined.filter(outside | lunch).is_empty()
    assert joined.filter(pl.col("terminal") != pl.col("terminal_right")).is_empty()


def test_nobody_does_two_things_at_once(plan, office):
    """The next request of an actor comes after the last answer has left the screen; heads are interrupted, though."""
    ordered = _people(plan, office).filter(pl.col("action") != "approve", pl.col("action") != "export")
    ordered = ordered.sort("staff_no", "at").with_columns(
        left=pl.col("at") + pl.duration(seconds=pl.col("dwell_s").fill_null(0)),
        following=pl.col("at").shift(-1).over("staff_no")
    )  # fmt: skip
    assert ordered.filter(pl.col("following") < pl.col("left")).is_empty()


def test_case_number_depends_on_purpose_alone(plan):
    """Within a purpose and system case numbers are always there or never."""
    work = plan.requests.filter(~pl.col("action").is_in(["login", "logout"]))
    shares = work.group_by("purpose", "system").agg(pl.col("case_no").is_null().mean().alias("share"))
    assert set(shares["share"]) <= {0.0, 1.0}


def test_request_numbers_are_unique(plan):
    """No two requests bear the same number."""
    assert plan.requests["request_no"].is_unique().all()


@pytest.mark.parametrize("kind", ["resident_certificate", "collection_tracing", "move_in"])
def test_switching_a_kind_off_leaves_the_others_as_they_were(town, office, plan, kind):
    """Without one kind of case every other request is the same, to the millisecond; so is the ledger."""
    less = plan_lawful(WorkloadSpec(kinds={kind: 0.0}), town, office, Stream(1, "/lawful"))
    gone = plan.cases.filter(pl.col("procedure") == kind).select("case_index")
    lost = plan.request_case.join(gone, on="case_index", how="semi")
    assert lost.height > 0
    kept = plan.requests.join(lost, on="request_no", how="anti").filter(pl.col("action") != "approve")
    assert less.requests.filter(pl.col("action") != "approve").equals(kept)
    columns = [c for c in plan.cases.columns if c != "case_index"]
    assert less.cases.select(columns).equals(plan.cases.filter(pl.col("procedure") != kind).select(columns))


def test_weighing_a_kind_leaves_the_others_as_they_were(town, office, plan):
    """Twice as many telephone calls displace nobody."""
    more = plan_lawful(WorkloadSpec(kinds={"phone_enquiry": 2.0}), town, office, Stream(1, "/lawful"))
    calls = [p.cases.filter(pl.col("procedure") == "phone_enquiry").height for p in (plan, more)]
    assert 1.5 < calls[1] / calls[0] < 2.5
    others = [p.cases.filter(pl.col("procedure") != "phone_enquiry").drop("case_index") for p in (plan, more)]
    assert others[0].equals(others[1])


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_lookalikes_are_thinned(town, office, plan, weight):
    """A look-alike of weight 0 is not there, of weight a half about half of it; nothing else moves."""
    spec = WorkloadSpec(lookalikes={"L01": weight, "L17": weight})
    thin = plan_lawful(spec, town, office, Stream(1, "/lawful"))
    missing = set(plan.cases["key"]) - set(thin.cases["key"])
    assert set(thin.cases["key"]) < set(plan.cases["key"])
    evidence = Evidence(town, office, plan)
    marked = set(plan.cases["key"].to_numpy()[marked_(evidence, "L01") | marked_(evidence, "L17")].tolist())
    assert missing <= marked
    assert abs(len(missing) / len(marked) - (1 - weight)) < 0.1


def marked_(evidence, name):
    return lookalikes.marked(evidence, records()[name])


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (WorkloadSpec(kinds={"tea": 0.0}), "unknown procedure 'tea'"),
        (WorkloadSpec(lookalikes={"L99": 0.0}), "unknown look-alike 'L99'"),
        (WorkloadSpec(lookalikes={"L01": 2.0}), "L01 arises by itself"),
    ],
)
def test_weights_of_what_does_not_exist_are_refused(town, office, spec, words):
    """A wrong name is answered with the right ones; a coincidence cannot be ordered."""
    with pytest.raises((UnknownNameError, SpecError), match=words):
        plan_lawful(spec, town, office, Stream(1, "/lawful"))


@pytest.mark.parametrize("days", [1, 2, 3])
def test_windows_of_a_few_days_are_planned(town, days):
    """An illness that outlasts the window does not break the roster."""
    short = dataclasses.replace(town, window=Window(date(2025, 4, 7), date(2025, 4, 7 + days)))
    office = build_office(OfficeSpec(), short, Stream(1, "/office"))
    assert set(office.roster["day"]) == {date(2025, 4, 7 + k) for k in range(days)}
