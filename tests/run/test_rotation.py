"""A run whose pseudonyms get a new key version every few days: the same events, other names, and detectors survive."""

import dataclasses
from datetime import timedelta

import polars as pl
import pytest

from simulator import detect, generation, scenario
from simulator.dataset import verify
from simulator.detect.evidence import enrich
from simulator.errors import UsageError
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey, Realm
from simulator.pseudonym.errors import VersionError
from simulator.pseudonym.keyring import Keyring, State

EVERY, OVERLAP = 3, 5
NAMES = ("actor", "resident", "household", "search_token")


def _made(folder, every):
    mini = dataclasses.replace(scenario.load("mini"), rotate_every_days=every, rotation_overlap_days=OVERLAP)
    order = dataclasses.replace(generation.order("mini", seed=7), scenario=mini)
    return generation.generate(order, folder / "run")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A run of one key version."""
    return _made(tmp_path_factory.mktemp("plain"), None)


@pytest.fixture(scope="module")
def rotated(tmp_path_factory):
    """The same run with a new version every three days."""
    return _made(tmp_path_factory.mktemp("rotated"), EVERY)


def _version(frame, name):
    return frame[name].bin.slice(0, 1).bin.encode("hex").cast(pl.Int64)


def test_the_run_is_whole_and_the_same_but_for_the_names(plain, rotated):
    """Every event is the same but for its pseudonyms; each carries the version of its day."""
    assert verify(rotated.path) == []
    one, other = plain.table("event"), rotated.table("event")
    assert one.drop(NAMES).equals(other.drop(NAMES))
    start = scenario.load("mini").start
    day = (other["at"].dt.date() - pl.Series([start])).dt.total_days()
    assert _version(other, "actor").equals((day // EVERY + 1).alias("actor"))
    for name in NAMES[1:]:
        known = other.filter(pl.col(name).is_not_null())
        assert _version(known, name).to_list() == _version(known, "actor").to_list(), name
    shown = rotated.table("shown").join(other.select("event_id", "actor"), on="event_id")
    assert _version(shown, "resident").to_list() == _version(shown, "actor").to_list()
    assert plain.table("shown").height == shown.height


def test_each_version_names_each_person_once(plain, rotated):
    """Within a version the pseudonyms stand for the same people as without rotation, and never cross versions."""
    pairs = pl.DataFrame({"old": plain.table("event")["actor"], "new": rotated.table("event")["actor"]}).unique()
    assert pairs.group_by("new").len()["len"].max() == 1
    versions = pairs.with_columns(version=pl.col("new").bin.slice(0, 1))
    assert versions.group_by("old", "version").len()["len"].max() == 1
    # Machine accounts are at work on every day, so under every version.
    assert versions.group_by("old").len()["len"].max() == (scenario.load("mini").days - 1) // EVERY + 1


def test_detectors_survive(plain, rotated):
    """What an auditor can say of an event, and what the rules make of it, is the same with rotation as without."""
    facts = ["on_duty", "account_valid", "own_district", "district", "protected", "case_known", "case_fits",
             "case_fits_household"]  # fmt: skip
    one, other = (enrich(run).sort("event_id").select("event_id", *facts) for run in (plain, rotated))
    assert one.equals(other)
    assert one["case_fits"].sum() > 100
    for name in ("rules", "has_reason"):
        assert detect.run(rotated, name).height == one.height


def test_tables_join_with_the_log_of_their_time(rotated):
    """Every person of the log is in the staff list and the attributes; a day of the roster is there once."""
    events = rotated.table("event")
    staff, people, roster = (rotated.table(name) for name in ("staff", "attribute", "roster"))
    assert events.join(staff, on="actor", how="anti").is_empty()
    assert events.filter(pl.col("resident").is_not_null()).join(people, on="resident", how="anti").is_empty()
    start = scenario.load("mini").start
    day = (roster["day"] - pl.Series([start])).dt.total_days()
    assert _version(roster, "actor").to_list() == (day // EVERY + 1).to_list()
    assert staff["actor"].is_unique().all()


def test_cases_are_named_under_both_versions_in_the_overlap_only(rotated):
    """A case has a row under each version from its opening to five days after its closing."""
    cases = rotated.table("case").with_columns(version=pl.col("resident").bin.slice(0, 1).bin.encode("hex"))
    start = scenario.load("mini").start
    for no, opened, closed, versions in (
        cases.group_by("case_no", "opened", "closed").agg(pl.col("version").cast(pl.Int64).sort()).iter_rows()
    ):
        last = min((closed.date() + timedelta(days=OVERLAP) - start).days, 13)
        first = max((opened.date() - start).days, 0)
        assert versions == list(range(first // EVERY + 1, last // EVERY + 2)), no


def test_stories_name_people_as_the_log_does(rotated):
    """Actors and victims of the answer key are found in the log on the days of their story."""
    key = AnswerKey.open(rotated.path.with_name("run.truth"))
    labels = key.labels.join(rotated.table("event").select("event_id", "actor"), on="event_id")
    for episode in key.episodes.iter_rows(named=True):
        seen = set(labels.filter(pl.col("episode_id") == episode["episode_id"])["actor"])
        assert seen <= set(episode["actors"]), episode["episode_id"]


def test_the_keyring_is_as_at_the_end(rotated, plain):
    """Old versions are retired once their overlap is over; the last is active; the keys are those of the log."""
    ring = Keyring.load(rotated.path.with_name("run.keys") / "keyring")
    assert [v.state for v in ring.versions] == [*[State.RETIRED] * 3, State.READ_ONLY, State.ACTIVE]
    assert ring.versions[0].key == PseudonymKey.insecure()
    codes = rotated.table("resident")["resident_code"]
    tokens = ring.pseudonymizer(Realm.audit("482013"), 4).column("resident", codes)
    assert set(tokens) <= set(rotated.table("attribute")["resident"])
    assert len(Keyring.load(plain.path.with_name("run.keys") / "keyring").versions) == 1


def test_wrong_rotations_are_refused(tmp_path):
    """No days, negative overlap and more versions than there are is refused with what would be right."""
    mini = scenario.load("mini")
    for every, overlap in ((0, 1), (5, -1)):
        with pytest.raises(VersionError, match="at least one day"):
            dataclasses.replace(mini, rotate_every_days=every, rotation_overlap_days=overlap)
    with pytest.raises(UsageError, match="rotate every 12 days or more"):
        dataclasses.replace(mini, days=365, rotate_every_days=7)
