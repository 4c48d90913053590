"""Every archetype, found by discovery, keeps its promises over the whole space of its knobs."""

import dataclasses
import inspect
import itertools

import played_town
import polars as pl
import pytest

from simulator.errors import CheckError, SpecError, UnknownNameError
from simulator.schema.vocabulary import CHANNELS, SANCTIONS
from simulator.workload import Promise
from simulator.workload.archetypes import records
from simulator.workload.sections import BRANCH_SECTIONS

ORDERED = ~pl.col("lookalike")  # what a scenario orders: misuse, grey areas and errors
CANARY = {"login", "logout", "search", "view"}  # asked beside the work of the day
WIDEST = 90  # no knob is probed beyond
MISUSES = [name for name, archetype in records().items() if archetype.misuse]
PLAYED = [name for name, archetype in records().items() if archetype.played]
NEVER_PLAYED = [name for name, archetype in records().items() if not archetype.played]


def _accepted(params, name, value):
    try:
        params(**{name: value})
    except ValueError:
        return False
    return True


def _bounds(params, field):
    """The least and the greatest value that a numeric knob accepts, probed from its default outwards."""
    if isinstance(field.default, bool):
        return [False, True]
    if isinstance(field.default, float):
        return [value for value in (0.0, 1.0) if _accepted(params, field.name, value)]
    values = [value for value in range(-1, WIDEST + 1) if _accepted(params, field.name, value)]
    return sorted({values[0], values[-1]})


def _corners(name):
    """Every combination of the bounds of the numeric knobs; the others keep their default."""
    params = records()[name].params
    numeric = [field for field in dataclasses.fields(params) if isinstance(field.default, int | float)]
    ends = [_bounds(params, field) for field in numeric]
    return [dict(zip([f.name for f in numeric], values, strict=True)) for values in itertools.product(*ends)]


CORNERS = [(name, corner) for name in PLAYED for corner in _corners(name)]


@pytest.fixture(scope="module")
def town():
    return played_town.make(seed=3, days=45, residents=6_000, staff=200)


@pytest.fixture(scope="module")
def played(town):
    """What each corner of the knobs comes to, by its place in CORNERS."""
    return [town.play({name: {"episodes": 1, **corner}}) for name, corner in CORNERS]


corner = pytest.mark.parametrize("place", range(len(CORNERS)), ids=[f"{n}-{c}" for n, c in CORNERS])


@pytest.mark.parametrize("name", records())
def test_archetype_says_what_it_is(name):
    """It has titles in both languages, signals, sources, a docstring and frozen knobs, all with a default."""
    archetype = records()[name]
    assert archetype.name == name
    assert archetype.title_ja
    assert not archetype.title_ja.isascii()
    assert archetype.title_en.isascii()
    assert archetype.signals
    assert archetype.sources
    assert inspect.cleandoc(archetype.looks).startswith(f"{name} ")
    assert archetype.params.__doc__
    assert archetype.params.__dataclass_params__.frozen
    assert archetype.params() == archetype.params()


@pytest.mark.parametrize("name", records())
def test_archetype_tells_itself_in_words(name):
    """Its page names it, and its row says which kind it is."""
    archetype = records()[name]
    assert all(source in archetype.page() for source in archetype.sources)
    assert archetype.row()["kind"] == archetype.kind.value


@pytest.mark.parametrize("name", PLAYED)
def test_what_is_played_says_how_it_ends(name):
    """Channels and sanctions are of the vocabulary, days in order, and a look-alike or technique has no end."""
    end = records()[name].end
    assert {code for code, _ in end.channels} <= {term.code for term in CHANNELS}
    assert {code for code, _ in end.sanctions} <= {term.code for term in SANCTIONS}
    assert 0 < end.days[0] <= end.days[1]


@pytest.mark.parametrize("name", NEVER_PLAYED)
def test_what_is_not_played_has_no_plan(name):
    """A technique serves others and a look-alike is lawful work: neither has a plan or an end."""
    archetype = records()[name]
    assert archetype.plan is None
    assert archetype.end is None
    told = bool(archetype.procedures) or archetype.marks is not None
    assert told == (archetype.kind.value == "look-alike")


@corner
def test_every_episode_has_a_step(played, place):
    """Each corner of the knobs yields one episode with requests and with a story in both languages."""
    name, _ = CORNERS[place]
    made = played[place].labels.filter(ORDERED)
    episodes = played[place].episodes.filter(pl.col("episode_kind") != "look-alike")
    kind = records()[name].kind.value
    assert made.height >= 1
    assert made["misuse"].all() == (kind == "misuse")
    assert made["grey"].all() == (kind in ("grey", "canary"))
    assert set(made["episode_id"]) == set(episodes["episode_id"]) == {f"{name}-001"}
    assert episodes.row(0, named=True)["resident_nos"] or name in ("M10", "M11")  # whose victims are a whole list
    assert episodes.row(0, named=True)["story_ja"]
    assert episodes.row(0, named=True)["story_en"]


@corner
def test_every_request_keeps_to_roster_session_and_terminal(town, played, place):
    """Misuse is asked on duty, inside an open session of the actor's, at the own terminal; a canary never is."""
    if CORNERS[place][0] == "C01":
        made = _misuse(played[place])
        assert made.join(town.plan.sessions, on="session_key", how="semi").is_empty()
        assert made["at"].dt.hour().min() >= 22
        return
    made = _misuse(played[place]).with_columns(day=pl.col("at").dt.date())
    on_duty = made.join(town.office.roster, on=["staff_no", "day"], how="inner", suffix="_own")
    assert on_duty.height == made.height
    assert on_duty.filter(~pl.col("at").is_between(pl.col("starts"), pl.col("ends"))).is_empty()
    assert on_duty.filter(pl.col("terminal") != pl.col("terminal_own")).is_empty()
    sessions = town.plan.sessions.select("session_key", "opens", "closes", owner="staff_no", from_="terminal")
    inside = made.join(sessions, on="session_key", how="inner").with_columns(ms=pl.col("at").dt.epoch("ms"))
    assert inside.height == made.height
    assert inside.filter((pl.col("owner") != pl.col("staff_no")) | (pl.col("from_") != pl.col("terminal"))).is_empty()
    assert inside.filter(~pl.col("ms").is_between(pl.col("opens"), pl.col("closes"))).is_empty()


@corner
def test_every_request_has_one_label_and_one_answer(played, place):
    """A request of the run has at most one label, a misuse one exactly one, and each was answered at the gate."""
    run = played[place]
    assert run.requests["request_no"].is_unique().all()
    assert run.labels["request_no"].is_unique().all()
    assert set(run.labels["request_no"]) <= set(run.requests["request_no"])
    assert set(run.answers) == set(run.labels.filter(ORDERED)["request_no"])


@corner
def test_answers_stand_when_the_run_is_decided_as_a_whole(town, played, place):
    """The gate answers an episode at once as it does when it decides the whole run in columns."""
    decided = town.gate.submit_batch(played[place].requests).decided
    whole = dict(decided.select("request_no", pl.col("decision").cast(pl.String)).iter_rows())
    assert {no: whole[no] for no in played[place].answers} == played[place].answers


@corner
def test_requests_are_about_the_episode_s_residents(played, place):
    """Misuse is about those whom its episode names, and asked by those whom it names."""
    made = _misuse(played[place])
    episode = played[place].episodes.filter(pl.col("episode_kind") != "look-alike").row(0, named=True)
    assert set(made["target"].drop_nulls()) <= set(episode["resident_nos"])
    assert sorted(set(made["staff_no"])) == episode["staff_nos"]


@corner
def test_whole_cases_change_hands(town, played, place):
    """A request that is missing from lawful work belongs to a case that misuse took over."""
    made = _misuse(played[place])
    gone = town.plan.requests.join(played[place].requests, on="request_no", how="anti")
    cases = town.plan.request_case
    taken = made.join(cases, on="request_no", how="inner")["case_index"]
    assert set(made.join(cases, on="request_no", how="anti")["action"].cast(pl.String)) <= {"export"} | CANARY
    assert set(gone.join(cases, on="request_no")["case_index"]) <= set(taken)
    assert gone.join(cases, on="request_no", how="anti").is_empty()


def _misuse(run):
    return run.requests.join(run.labels.filter(ORDERED), on="request_no", how="semi")


@pytest.mark.parametrize("place", [k for k, (name, _) in enumerate(CORNERS) if name == "M06"])
def test_m06_helps_one_without_entitlement(town, played, place):
    """The actor is one person of property tax; the instigator works where nobody has an account."""
    episode = played[place].episodes.filter("misuse").row(0, named=True)
    section = dict(town.office.staff.select("staff_no", pl.col("section").cast(pl.String)).iter_rows())
    assert [section[no] for no in episode["staff_nos"]] == ["property_tax"]
    entitled = dict(town.office.sections.select("section", "entitled").iter_rows())
    assert entitled[section[episode["instigator_no"]]] is False
    assert episode["instigator_no"] not in set(town.office.accounts["staff_no"])


@pytest.mark.parametrize("place", [k for k, (name, _) in enumerate(CORNERS) if name == "M12"])
def test_m12_comes_from_the_branches(town, played, place):
    """The actors are different people of branch offices who look at one resident, one case each; no branch is left out.

    But one in which nobody had a case to take in the days of the crowd.
    """
    made = _misuse(played[place])
    section = dict(town.office.staff.select("staff_no", pl.col("section").cast(pl.String)).iter_rows())
    sections = {section[no] for no in made["staff_no"]}
    wanted = CORNERS[place][1]["actors"]
    assert sections <= set(BRANCH_SECTIONS)
    within = pl.col("opened").dt.date().is_between(made["at"].dt.date().min(), made["at"].dt.date().max())
    looks = town.plan.requests.filter(pl.col("action") == "view").join(town.plan.request_case, on="request_no")
    there = town.plan.cases.filter(within, pl.col("case_index").is_in(looks["case_index"].unique().implode()))
    settled = set(town.office.posted(*BRANCH_SECTIONS))
    open_ = {section[no] for no in there["staff_no"] if no in settled}
    assert len(sections) == wanted or open_ <= sections
    assert made["target"].n_unique() == 1
    taken = made.join(town.plan.request_case, on="request_no").select("staff_no", "case_index").unique()
    assert taken["staff_no"].is_unique().all()
    assert taken.height <= wanted


@pytest.mark.parametrize("name", PLAYED)
@pytest.mark.parametrize("episodes", [{}, {"episodes": -1}, {"episodes": 1.5}, {"episodes": True}, {"episodes": "2"}])
def test_episodes_must_be_a_count(name, episodes):
    """A missing, negative, broken or non-numeric count of episodes is refused with the name of the table."""
    with pytest.raises(SpecError, match=rf"misuse\.{name} needs episodes = N"):
        Promise.of(name, episodes)


def test_unknown_archetype_is_named(town):
    """An archetype that does not exist is refused with those that do."""
    with pytest.raises(UnknownNameError, match=r"unknown archetype 'M99'.*M06"):
        town.play({"M99": {"episodes": 1}})


@pytest.mark.parametrize("name", PLAYED)
def test_unknown_knob_is_named(town, name):
    """A knob that does not exist is refused with those that do."""
    with pytest.raises(UnknownNameError, match=rf"unknown key 'stelth' in misuse\.{name}.*'stealth'"):
        town.play({name: {"episodes": 1, "stelth": 0.5}})


@pytest.mark.parametrize("name", PLAYED)
@pytest.mark.parametrize("stealth", [-0.1, 1.1, float("nan")])
def test_knob_out_of_range_is_refused(name, stealth):
    """A knob out of its range is refused with the range."""
    with pytest.raises(SpecError, match=rf"misuse\.{name}: stealth must lie in 0–1"):
        Promise.of(name, {"episodes": 1, "stealth": stealth})


@pytest.mark.parametrize("name", NEVER_PLAYED)
def test_some_kinds_are_not_ordered(name):
    """A look-alike comes by itself and a technique with others, so a scenario cannot ask for episodes of them."""
    with pytest.raises(SpecError, match="a kind of misuse"):
        Promise.of(name, {"episodes": 1})


def test_unknown_section_is_named(town):
    """A section that the office does not have is refused with those that it has."""
    with pytest.raises(UnknownNameError, match=r"unknown section 'nowhere'.*assembly"):
        town.play({"M06": {"episodes": 1, "askers": "nowhere"}})


def test_actors_without_cases_break_the_promise(town):
    """An episode whose actors have no case to take stops the run and names itself."""
    with pytest.raises(CheckError, match="episode M06-001 found no case to take"):
        town.play({"M06": {"episodes": 1, "helpers": "assembly"}})


def test_lawful_work_stays_when_misuse_comes(town):
    """Adding M12 changes no lawful request outside the cases that it takes over, and not one of M06."""
    one = {"M06": {"episodes": 1}}
    without, both = town.play(one), town.play({**one, "M12": {"episodes": 1}})
    added = both.labels.filter(pl.col("archetype") == "M12")
    taken = town.plan.request_case.join(added, on="request_no", how="semi")["case_index"].unique()
    touched = town.plan.request_case.filter(pl.col("case_index").is_in(taken.implode()))
    assert added.height > 0
    left = [run.requests.join(touched, on="request_no", how="anti") for run in (without, both)]
    assert left[0].equals(left[1])
    assert left[0].height == without.requests.height - touched.height
    assert _misuse(without).equals(_misuse(both).join(added, on="request_no", how="anti"))


def test_no_misuse_leaves_the_plan_as_it_is(town):
    """Without misuse the run is the lawful plan, request by request and case by case."""
    run = town.play({})
    assert run.requests.equals(town.plan.requests)
    assert run.cases.equals(town.plan.cases)
    assert run.answers == {}


def test_same_seed_plays_the_same(town):
    """Playing twice gives the same requests, labels, episodes and cases."""
    tables = {name: {"episodes": 1} for name in PLAYED}
    one, two = town.play(tables), town.play(dict(reversed(tables.items())))
    assert one.requests.equals(two.requests)
    assert one.labels.equals(two.labels)
    assert one.episodes.equals(two.episodes)
    assert one.cases.equals(two.cases)


@corner
def test_case_number_is_absent_by_system_and_purpose_never_by_lawfulness(town, played, place):
    """Where lawful work of a system and purpose always states a case, misuse does; where it never does, neither."""
    lawful = town.plan.requests.group_by("system", "purpose").agg(none=pl.col("case_no").is_null().mean())
    run = played[place]
    mine = run.made.join(run.labels.filter("misuse"), on="request_no", how="semi")
    both = mine.filter(~pl.col("action").is_in(["login", "logout", "approve", "export"])).join(
        lawful, on=["system", "purpose"]
    )
    odd = both.filter(pl.col("case_no").is_null().cast(pl.Float64) != pl.col("none"))
    assert odd.select("system", "purpose", "action", "case_no").rows() == []
