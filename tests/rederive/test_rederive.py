"""The answer key follows from the facts, and a key that does not is told so."""

import dataclasses
import shutil

import polars as pl
import pytest
from typer.testing import CliRunner

from simulator import scenario
from simulator.cli.app import app
from simulator.dataset import Dataset
from simulator.errors import MissingError
from simulator.generation import Order, RunFolders, generate
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey
from simulator.rederive import RULES, facts, judge, rederive, unlike
from simulator.workload.archetypes import records

PLAYED = sorted(name for name, archetype in records().items() if archetype.played)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A small town in which every archetype is played, some careful and some not."""
    mini = scenario.load("mini")
    chosen = dataclasses.replace(
        mini,
        days=75,
        misuse={name: {"episodes": 2 if name in ("M01", "M02", "M04") else 1} for name in PLAYED},
        population=dataclasses.replace(mini.population, residents=4_000),
        office=dataclasses.replace(mini.office, staff=150),
    )
    found = RunFolders(tmp_path_factory.mktemp("whole") / "run")
    generate(Order(scenario=chosen, seed=3, key=PseudonymKey.insecure()), found.run)
    return found


@pytest.fixture(scope="module")
def seen(folders):
    return next(facts(Dataset.open(folders.run), AnswerKey.open(folders.truth)))


def test_every_archetype_that_is_played_has_a_rule():
    """Nobody adds an archetype without saying a second time what makes it one."""
    assert sorted(RULES) == PLAYED


def test_whole_answer_key_follows_from_the_facts(folders, seen):
    """Every kind is there, and nothing in the key is without its facts."""
    assert {episode.archetype for episode in seen.episodes} == set(PLAYED)
    assert rederive(folders.run) == []


@pytest.mark.parametrize("name", ["M01", "M02", "M04", "M08", "M09", "M12", "M14", "M16", "M17", "E1", "E2"])
def test_other_victims_break_the_rule(seen, name):
    """An episode about strangers instead of its victims is found, by the rule of its kind."""
    episode = next(e for e in seen.episodes if e.archetype == name)
    known = seen.protected | set(seen.figures) | {row["resident_no"] for row in seen.staff.values()}
    kin = {no for own in known if own is not None for no in seen.kin(own)}
    crowd = (no for no, row in seen.people.items() if no not in known | kin and row["age"] in range(25, 50))
    strangers = frozenset(no for no in crowd if len(seen.homes[seen.people[no]["household_no"]]) > 2)
    wrong = dataclasses.replace(episode, victims=frozenset(sorted(strangers)[:2]), events=_blind(episode))
    assert any(not rule.holds(seen, wrong) for rule in RULES[name])


@pytest.mark.parametrize("name", ["M06", "M15", "M10", "M11"])
def test_other_actors_or_acts_break_the_rule(seen, name):
    """Nobody without entitlement asks; the own work is asked for; the list was never drawn before."""
    episode = next(e for e in seen.episodes if e.archetype == name)
    own = {section: sorted(purposes)[0] for section, purposes in seen.purposes.items()}
    events = tuple(
        row | {"stage": "by the old post", "purpose": own.get(row["section"], row["purpose"])} for row in episode.events
    )
    early = tuple(row | {"at": row["at"].replace(hour=0)} for row in events)
    wrong = dataclasses.replace(episode, events=early, instigator=next(iter(episode.actors)))
    assert any(not rule.holds(seen, wrong) for rule in RULES[name])


def _blind(episode):
    return tuple(row | {"resident_no": None, "case_no": None} for row in episode.events)


def test_a_borrowed_number_of_the_victim_is_none(seen):
    """A look under no number is not borrowed, and a name that the episode does not know is found."""
    episode = next(e for e in seen.episodes if any(row["reason_status"] == "borrowed" for row in e.events))
    unstated = dataclasses.replace(episode, events=tuple(row | {"case_no": None} for row in episode.events))
    found = [f.what for f in judge(dataclasses.replace(seen, episodes=(unstated,)))]
    assert "a stated case is not what reason_status says" in found
    nobody = dataclasses.replace(episode, victims=frozenset())
    assert any("does not name" in f.what for f in judge(dataclasses.replace(seen, episodes=(nobody,))))


def test_a_false_twin_is_found(folders):
    """A twin of another event than its own is told with its number."""
    key = AnswerKey.open(folders.truth)
    swapped = key.labels.with_columns(
        twin_of=pl.when(pl.col("twin_of").is_not_null()).then(pl.lit(key.misuse[0], dtype=pl.Int64))
    )
    found = list(unlike(Dataset.open(folders.run), dataclasses.replace(key, labels=swapped)))
    assert found
    assert "is no twin of" in str(found[0])


def test_command_derives_the_key_again(folders, tmp_path):
    """Exit 0 where all follows; 4 with each place where a label was changed; a clear word without the truth."""
    runner = CliRunner()
    assert runner.invoke(app, ["verify", str(folders.run), "--truth"]).exit_code == 0
    for folder in (folders.run, folders.truth, folders.keys):
        shutil.copytree(folder, tmp_path / folder.name)
    path = tmp_path / "run.truth" / "episode.parquet"
    episodes = pl.read_parquet(path)
    kin = episodes.filter(pl.col("archetype") == "M04")["episode_id"][0]
    others = episodes.filter(pl.col("archetype") == "M08")["victims"][0]
    wrong = pl.when(pl.col("episode_id") == kin).then(pl.lit(others.to_list())).otherwise("victims")
    episodes.with_columns(victims=wrong).write_parquet(path)
    told = runner.invoke(app, ["verify", str(tmp_path / "run"), "--truth"])
    assert told.exit_code == 4
    assert f"truth/episode {kin}: a victim is neither the actor nor kin" in told.stdout
    shutil.rmtree(tmp_path / "run.keys")
    with pytest.raises(MissingError, match="keyring is missing"):
        rederive(tmp_path / "run")
