"""A run is made whole, the same for the same seed, and with the truth apart."""

import os
import subprocess
import sys

import polars as pl
import pytest
import villages

from simulator import scenario, schema
from simulator.dataset import Dataset, seed_commitment
from simulator.errors import ExistsError, StorageError, UsageError
from simulator.generation import Order, RunFolders, generate
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey


def make(out, seed=3, jobs=1, key=None):
    order = Order(scenario=scenario.load("mini"), seed=seed, key=key or PseudonymKey.insecure(), jobs=jobs)
    return generate(order, out)


def test_workers_and_hash_seed_change_nothing(mini, tmp_path):
    """Two workers in another process with another PYTHONHASHSEED give the same manifest, so the same bytes."""
    command = [sys.executable, "-m", "simulator.cli", "generate", "mini", "--seed", "3", "--jobs", "2", "--out", "b"]
    env = {**os.environ, "PYTHONHASHSEED": "77"}
    subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True)
    assert (tmp_path / "b" / "manifest.json").read_bytes() == (mini.path / "manifest.json").read_bytes()


def test_another_seed_is_another_run(mini, tmp_path):
    """Another seed gives another root."""
    assert make(tmp_path / "c", seed=4).root != mini.root


def test_another_key_changes_pseudonyms_only(mini, tmp_path):
    """With a key of one's own the work is the same, the pseudonyms are not."""
    other = make(tmp_path / "d", key=PseudonymKey.generate())
    plain = [c.name for c in schema.EVENT if c.privacy is schema.Privacy.PLAIN]
    assert other.table("event").select(plain).equals(mini.table("event").select(plain))
    assert set(other.table("event")["actor"]).isdisjoint(mini.table("event")["actor"])
    assert other.manifest.pseudonym_key != "insecure-default"


def test_public_half_holds_no_truth(mini, mini_key, mini_folders):
    """The run holds neither seed nor labels nor misuse tables; only event_id joins it with the truth."""
    assert mini.manifest.seed_commitment == seed_commitment(3)
    text = (mini.path / "scenario.toml").read_text(encoding="utf-8")
    assert "misuse" not in text
    assert "seed" not in text
    columns = {n for folder in ("auditor", "audit", "registry") for t in schema.FOLDERS[folder] for n in t.names}
    truth = {c.name for t in schema.TRUTH_TABLES for c in t}
    assert columns & truth == {"event_id"}
    assert (mini_folders.truth / "seed.json").is_file()
    assert mini_key.run == mini.root


def test_labels_belong_to_events(mini, mini_key):
    """Every label is of an event of the log, every episode has events, and both kinds of misuse are there."""
    events = mini.table("event")["event_id"]
    assert mini_key.labels["event_id"].is_in(events.implode()).all()
    assert mini_key.labels["event_id"].is_unique().all()
    counted = mini_key.labels.filter(pl.col("archetype") != "TWIN").group_by("episode_id").len()
    joined = mini_key.episodes.join(counted, on="episode_id", how="left")
    assert (joined["len"] == joined["event_count"]).all()
    kinds = mini_key.episodes.filter("misuse")["archetype"].unique()
    assert {k[:3] for k in kinds} == {"M06", "M12"}


def test_actors_and_victims_are_in_the_tables(mini, mini_key):
    """Actors of episodes are staff of the list, victims are residents of the log's realm."""
    staff, people = mini.table("staff")["actor"], mini.table("attribute")["resident"]
    assert mini_key.episodes["actors"].explode().is_in(staff.implode()).all()
    assert mini_key.episodes["victims"].explode().is_in(people.implode()).all()


def test_log_is_dense_and_in_order(mini):
    """event_ids have no gap and follow time; an event names one resident, or lists as many as it says it showed."""
    events = mini.table("event")
    assert (events["event_id"].diff().drop_nulls() == 1).all()
    assert events["at"].is_sorted()
    shown = mini.table("shown").group_by("event_id").len()
    counted = events.join(shown, on="event_id", how="left").with_columns(pl.col("len").fill_null(0))
    one = pl.col("resident").is_not_null() & (pl.col("rows_returned") <= 1) & (pl.col("len") == 0)
    assert counted.filter(~one & (pl.col("len") != pl.col("rows_returned"))).is_empty()
    assert shown["event_id"].is_in(events["event_id"].implode()).all()


def test_rows_of_the_manifest_are_those_of_the_tables(mini):
    """The manifest counts what the tables hold."""
    for name, rows in mini.manifest.rows.items():
        assert mini.table(name).height == rows, name


def test_existing_folder_is_left_alone(mini_folders):
    """A run is never made over another, nor over its truth."""
    with pytest.raises(ExistsError, match="already exists"):
        make(mini_folders.run)


def test_failure_keeps_what_is_finished(mini, tmp_path):
    """A run that fails when its municipality is finished leaves nothing under a final name, and goes on from there."""
    folders = RunFolders(tmp_path / "e")

    def fail(stage, _share):
        if stage == "digests":
            raise OSError(28, "No space left on device", str(folders.draft.path))

    order = Order(scenario=scenario.load("mini"), seed=3, key=PseudonymKey.insecure())
    with pytest.raises(StorageError, match=r"No space left.*1 of 1 municipalities are finished and kept"):
        generate(order, folders.run, fail)
    assert [path.name for path in tmp_path.iterdir()] == [".e.part"]
    passed = []
    assert generate(order, folders.run, lambda stage, _share: passed.append(stage)).root == mini.root
    assert passed == ["digests", "leak gate", "keys"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e", "e.keys", "e.truth"]


def test_detectors_are_kept_from_the_truth(mini_folders):
    """The folder of the truth, or one that holds it, cannot be opened as a run."""
    with pytest.raises(UsageError, match="holds truth"):
        Dataset.open(mini_folders.truth)
    with pytest.raises(UsageError, match="holds truth"):
        Dataset.open(mini_folders.run.parent)


def test_answer_key_reads_back(mini_key, tmp_path):
    """An answer key written and opened again is the same."""
    mini_key.write(tmp_path / "x.truth")
    again = AnswerKey.open(tmp_path / "x.truth")
    assert again.labels.equals(mini_key.labels)
    assert again.episodes.equals(mini_key.episodes)


def test_episodes_of_several_municipalities_bear_names_of_their_own(whole):
    """No two municipalities of a run share the name of an episode, and every label is of an episode that there is."""
    episodes, labels = (pl.read_parquet(whole[f".truth/{name}.parquet"]) for name in ("episode", "label"))
    assert episodes["episode_id"].is_unique().all()
    assert {name.split("-")[0] for name in episodes["episode_id"]} == set(villages.CODES)
    assert set(labels["episode_id"]) == set(episodes["episode_id"])
    place = labels.select(pl.col("event_id") // (1 << 40), code=pl.col("episode_id").str.head(6)).unique()
    assert sorted(place.iter_rows()) == list(enumerate(villages.CODES))


def test_an_episode_is_as_long_as_its_own_events(mini, mini_key):
    """An episode begins and ends with its events; twins of them are ordinary work and count nowhere."""
    own = mini_key.labels.filter(pl.col("archetype") != "TWIN").join(mini.table("event"), on="event_id")
    found = own.group_by("episode_id").agg(first=pl.col("at").min(), last=pl.col("at").max())
    told = mini_key.episodes.join(found, on="episode_id", how="left")
    assert (told["first_at"] == told["first"]).all()
    assert (told["last_at"] == told["last"]).all()
    assert not mini_key.labels.filter(pl.col("twin_of").is_not_null())["misuse"].any()
