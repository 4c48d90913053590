"""Lawful work keeps to roster, terminals and cases."""

import polars as pl

from simulator.streams import Stream
from simulator.workload import WorkloadSpec, plan_lawful
from simulator.workload.procedure import procedures


def test_same_seed_gives_same_work(town, office, plan):
    """Planning twice gives the same frames, whatever the number of jobs."""
    again = plan_lawful(WorkloadSpec(), town, office, Stream(1, "/lawful"), jobs=2)
    assert again.requests.equals(plan.requests)
    assert again.cases.equals(plan.cases)


def test_every_procedure_has_cases(plan):
    """Each procedure brings cases in five weeks of spring."""
    assert set(plan.cases["procedure"]) == set(procedures())


def test_volume_is_that_of_a_town_hall(plan, town):
    """Views lie between three and six a resident and year, move season included."""
    views = plan.requests.filter(pl.col("action") == "view").height
    per_year = views / town.residents.height * 365 / town.window.day_count
    assert 3 <= per_year <= 8


def test_work_is_done_on_duty_and_never_at_lunch(plan, office):
    """Each request lies within its actor's hours and outside the lunch hour."""
    hour = pl.duration(hours=1)
    joined = plan.requests.with_columns(day=pl.col("at").dt.date()).join(
        office.roster, on=["staff_no", "day"], how="left"
    )
    assert joined["starts"].null_count() == 0
    outside = (pl.col("at") < pl.col("starts")) | (pl.col("at") >= pl.col("ends"))
    lunch = pl.col("at").is_between(pl.col("lunch_starts"), pl.col("lunch_starts") + hour, closed="none")
    assert joined.filter(outside | lunch).is_empty()
    assert joined.filter(pl.col("terminal") != pl.col("terminal_right")).is_empty()


def test_nobody_does_two_things_at_once(plan):
    """The next request of an actor comes after the last answer has left the screen."""
    ordered = plan.requests.sort("staff_no", "at").with_columns(
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
