"""Each switch of a careful actor hides the trace that it says, and an insider who has read the rules scores less."""

import numpy as np
import polars as pl
import pytest

from simulator.access import Outcome
from simulator.streams import Stream
from simulator.workload import play
from simulator.workload.archetype import Guise, Story
from simulator.workload.circle import Circle
from simulator.workload.context import ANY, Caseload, Context
from simulator.workload.insider import Scale, best
from simulator.world.inspection import ASSUMED_WEIGHTS, Inspection


def _played(town, office, plan, name, hits=3, **evade):
    """One open episode of `name` with the switches `evade`: its requests and its episode."""

    def submit(request):
        return Outcome(decision="allow", reason="OK", hits=hits, rows_returned=1, shown=(), fields=None,
                       protected_alert=False)  # fmt: skip

    tables = {name: {"episodes": 1, "stealth": 0.0, "evade": evade}}
    run = play(tables, town, office, plan, stream=Stream(4, "/misuse"), submit=submit)
    bad = run.labels.filter("misuse")
    return run, run.requests.join(bad, on="request_no").sort("at"), run.episodes.filter("misuse").row(0, named=True)


def test_split_looks_come_from_several_hands_by_turns(town, office, plan):
    """Of three hands none looks at more than one person more than another, and the first stands behind it."""
    _, alone, _ = _played(town, office, plan, "M02")
    _, made, episode = _played(town, office, plan, "M02", split=3)
    assert alone["staff_no"].n_unique() == 1
    looks = made.group_by("staff_no").agg(pl.col("target").n_unique())["target"]
    assert len(looks) == 3
    assert looks.max() - looks.min() <= 1
    assert episode["instigator_no"] in episode["staff_nos"]
    sections = office.staff.filter(pl.col("staff_no").is_in(episode["staff_nos"]))["section"]
    assert sections.n_unique() == 1


def test_search_only_narrows_down_and_opens_nothing(town, office, plan):
    """There are searches alone, each narrower than the one before; one hit ends them."""
    _, many, _ = _played(town, office, plan, "M02", search_only=True)
    assert set(many["action"].cast(pl.String)) == {"search"}
    assert set(many["search"].drop_nulls().cast(pl.String)) >= {"kana"}
    assert many["match"].cast(pl.String)[0] == "partial"
    _, found, _ = _played(town, office, plan, "M02", hits=1, search_only=True)
    assert found.group_by("target").len()["len"].max() == 1
    assert many.height > found.height


def test_a_temporary_card_opened_the_whole_session(town, office, plan):
    """Log-on, lawful work and misuse of the session say so; no other session changes."""
    run, made, _ = _played(town, office, plan, "M06", session="temp_card")
    mine = pl.col("session_key").is_in(made["session_key"].implode())
    assert set(made["auth_method"].cast(pl.String)) == {"temp_card"}
    assert set(run.requests.filter(mine)["auth_method"].cast(pl.String)) == {"temp_card"}
    assert run.requests.filter(mine, pl.col("action") == "login").height >= 1
    before = plan.requests.select("request_no", before="auth_method")
    others = run.requests.filter(~mine).join(before, on="request_no")
    assert others["auth_method"].equals(others["before"].alias("auth_method"))


def test_quiet_actors_stay_under_their_share(town, office, plan):
    """No more looks than the share of the actor's own cases."""
    _, made, episode = _played(town, office, plan, "M02", quiet_share=0.02)
    (actor,) = episode["staff_nos"]
    own = plan.cases.filter(pl.col("staff_no") == actor).height
    assert made["target"].n_unique() <= -(-own * 0.02 // 1)


def test_slow_actors_let_days_pass(town, office, plan):
    """Between two looks lie at least so many days."""
    _, made, _ = _played(town, office, plan, "M02", slow_days=6)
    days = made["at"].dt.date().unique().sort()
    assert len(days) > 1
    assert days.diff().drop_nulls().dt.total_days().min() >= 6


@pytest.mark.parametrize("switch", ["office_hours", "other_system"])
def test_cases_are_chosen_by_hour_and_system(town, office, plan, switch):
    """Where there are such cases all are: between nine and five, or in another system."""
    _, made, episode = _played(town, office, plan, "M05", **{switch: True})
    load = Caseload.of(plan, town)
    mine = load.having(load.of_staff(episode["staff_nos"], 0, 99), ANY.needs)
    fits = load.elsewhere[mine] if switch == "other_system" else (load.hour[mine] >= 9) & (load.hour[mine] < 17)
    if fits.any():
        place = plan.request_case.join(made, on="request_no")["case_index"].unique().to_numpy()
        assert set(place) <= set(mine[fits])


@pytest.fixture(scope="module")
def context(town, office, plan):
    return Context(
        Stream(9, "/insider").scalar(), town, office, Circle.of(town, office), Story(), Caseload.of(plan, town)
    )


def test_an_insider_takes_what_scores_least(context):
    """No case at the desk, in no guise, would score less by the published rules than the one that is taken."""
    actor = context.peek(context.staff())
    victim = context.rng.choice(context.circle.adults())
    places = context.suitable([actor], (0, context.last_day), ANY)
    scale = Scale(context, places[~context.caseload.taken[places]], victim)
    guises = (Guise.OPEN, Guise.HIDDEN)
    lowest = min(float(scale.points(g, cover=c).min()) for g in guises for c in (False, True))
    taken = best(context, [actor], victim, (0, context.last_day), wish=ANY, guises=guises)
    own = Scale(context, np.array([taken.case_index]), victim).points(taken.guise, cover=taken.cover)
    assert float(own[0]) <= lowest + 1e-9 or len(places) > 60


def test_other_rules_make_another_insider(context):
    """Where unknown numbers weigh more than those of somebody else, they are no way out any more."""
    places = context.suitable(context.staff(), (0, context.last_day), ANY)
    numbered = places[context.caseload.numbered[places]][:50]
    victim = context.rng.choice(context.circle.adults())
    strict = Inspection(weights=ASSUMED_WEIGHTS | {"unknown_case": 9.0})
    for book, better in ((Inspection(), Guise.HIDDEN), (strict, Guise.OPEN)):
        scale = Scale(context, numbered, victim, book)
        sums = {g: float(scale.points(g, cover=False).sum()) for g in (Guise.OPEN, Guise.HIDDEN)}
        assert min(sums, key=sums.__getitem__) is better
