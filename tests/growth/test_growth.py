"""A run that grows: what is there stays byte for byte, what comes goes on, and the whole is a run like any other."""

import dataclasses
import itertools
import json
import shutil
from datetime import date

import polars as pl
import pytest
from typer.testing import CliRunner

from simulator import scenario
from simulator.access import log
from simulator.cli import app
from simulator.dataset import Dataset, FileDigest, verify, verify_people
from simulator.errors import CheckError, DamagedError, ExistsError, MissingError, UsageError
from simulator.generation import Order, RunFolders, generate
from simulator.growth import STAGES, grow
from simulator.labels import AnswerKey
from simulator.live.desk import Live, Request
from simulator.pseudonym import PseudonymKey
from simulator.rederive import rederive
from simulator.subset import Choice, subset

c = pl.col
REMADE = {"scenario.toml", "registry.db", "croissant.json", "datacard.md", "datacard.ja.md"}


@pytest.fixture(scope="module")
def longer(mini, tmp_path_factory):
    """`mini` with a month more, and with another one in which its stories are played again."""
    folder = tmp_path_factory.mktemp("growth")
    first = grow(mini, 1, folder / "first").run
    return mini, first, grow(first, 1, folder / "second", stories=True).run


def pairs(longer):
    return itertools.pairwise(longer)


def test_a_grown_run_is_whole_possible_and_true(longer):
    """Files, log, rules of the register, and the answer key derived from the facts again."""
    for run in longer[1:]:
        assert verify(run.path) == []
        assert verify_people(run) == []
        assert rederive(run.path) == []
        assert run.manifest.notes[-1].startswith("Grown from")
    told = scenario.load(str(longer[2].path / "scenario.toml"))
    assert [window.end for window in told.windows] == [date(2025, 3, 24), date(2025, 4, 24), date(2025, 5, 24)]


def test_what_is_there_stays_byte_for_byte(longer):
    """Files of rows are those of the run before; tables begin with its rows; leaf hashes begin with its leaves."""
    for old, new in pairs(longer):
        kept = {file.path: file for file in new.manifest.files}
        for file in old.manifest.files:
            if file.path not in REMADE and not file.path.startswith(("audit/tiles", "audit/checkpoint")):
                assert kept[file.path] == file
                assert FileDigest.of(new.path, new.path / file.path) == file
        for table, rows in old.manifest.rows.items():
            assert new.table(table).head(rows).equals(old.table(table)), table
        tiles = "audit/tiles/482013.bin"
        assert (new.path / tiles).read_bytes().startswith((old.path / tiles).read_bytes())


def test_the_truth_stays_and_goes_on(longer):
    """Labels of the run before come first; stories that are counted are played only when asked, under new numbers."""
    keys = [AnswerKey.open(RunFolders(run.path).truth) for run in longer]
    for old, new in itertools.pairwise(keys):
        assert new.labels.head(old.labels.height).equals(old.labels)
        assert old.episodes.join(new.episodes, on=old.episodes.columns, how="anti", nulls_equal=True).is_empty()
        assert new.episodes["episode_id"].is_unique().all()
    stories = [set(key.episodes.filter("misuse")["episode_id"]) for key in keys]
    assert stories[0] == stories[1] == {"M06-001", "M12-001"}
    assert stories[2] == {"M06-001", "M06-002", "M12-001", "M12-002"}
    late = keys[2].labels.filter(c("episode_id") == "M06-002", c("misuse"))["event_id"]
    assert late.min() > longer[1].table("event")["event_id"].max()


def test_numbers_follow_on_each_other(longer):
    """Events and sessions without gap, case numbers without a second use, time in order, at both seams."""
    events = longer[2].table("event")
    assert events["event_id"].to_list() == list(range(1, events.height + 1))
    assert events["at"].is_sorted()
    sessions = events["session_id"].drop_nulls().unique(maintain_order=True).to_list()
    assert sessions == list(range(1, len(sessions) + 1))
    assert longer[2].table("case")["case_no"].is_unique().all()
    assert longer[2].table("resident")["resident_code"].is_unique().all()
    assert longer[2].table("household")["household_ref"].is_unique().all()


def test_work_goes_on_at_its_pace(longer):
    """An office day of the month after has about as many events as one before, with the season of moving on top."""
    counts = longer[1].table("event").group_by(day=c("at").dt.date()).len().filter(c("day").dt.weekday() < 6)
    old = c("day") < date(2025, 3, 24)
    before, after = (counts.filter(when)["len"].median() for when in (old, ~old))
    assert 0.7 < after / before < 1.8


def test_the_log_is_proved_to_begin_with_the_older_one(longer):
    """By its checkpoint, although that ended within a batch; and every event on either side of a seam is in the log."""
    heads = [log.head(run.path, "482013") for run in longer]
    for head in heads[:2]:
        assert head.events % log.BATCH
        proof = json.dumps(log.prove_growth(longer[2].path, head))
        assert log.check_proof(proof, head, "proof") == []
        assert log.check_proof(proof, heads[2], "proof") == []
    within = dataclasses.replace(heads[1], events=heads[1].events - 1)
    with pytest.raises(UsageError, match="within a batch"):
        log.prove_growth(longer[2].path, within)
    seams = [heads[0].events, heads[0].events + 1, heads[1].events, heads[1].events + 1, heads[2].events]
    for event in seams:
        proof = json.dumps(log.prove_event(longer[2].path, event))
        assert log.check_proof(proof, heads[2], "proof") == []


def test_the_same_growth_gives_the_same_bytes(mini, longer, tmp_path):
    """As everything else does."""
    assert grow(mini, 1, tmp_path / "again").run.root == longer[1].root


def test_a_change_behind_a_seam_is_found_in_its_place(longer, tmp_path):
    """The finding names the batch and its events."""
    copy = tmp_path / "copy"
    shutil.copytree(longer[2].path, copy)
    path = sorted((copy / "audit" / "event").glob("*_2025-03-24.parquet"))[0]
    events = pl.read_parquet(path)
    path.unlink()
    events.with_columns(dwell_s=pl.when(c("event_id") == events["event_id"][3]).then(9_999).otherwise("dwell_s")).cast(
        events.schema
    ).write_parquet(path)
    words = " ".join(map(str, verify(copy)))
    first = longer[0].manifest.logs[0].size + 1
    assert f"events {first}–" in words


def test_a_grown_run_serves_and_is_sliced(longer, tmp_path):
    """Its desk opens behind its last event; a slice of it is whole."""
    folders = RunFolders(tmp_path / "run")
    for name in ("run", "keys"):
        shutil.copytree(getattr(RunFolders(longer[2].path), name), getattr(folders, name))
    with Live.open(folders.run) as live:
        clerk = next(row for row in live.office.rows() if row["role"] in ("R01", "R03", "R04") and row["terminal"])
        wanted = Request(question="search", staff=clerk["staff"], purpose="resident_certificate",
                         case_no="2025-100001", values={"kana": "サトウ", "match": "prefix"})  # fmt: skip
        assert live.ask(wanted).event > longer[2].manifest.logs[0].size
    part = subset(longer[2], Choice(share=0.3), tmp_path / "part").run
    assert verify(part.path) == []
    assert verify_people(part) == []
    with pytest.raises(UsageError, match="slice"):
        grow(part, 1, tmp_path / "no")


def test_several_municipalities_and_rates_grow(tmp_path):
    """Each with its own log; misuse that has a rate goes on by itself."""
    mini = scenario.load("mini")
    misuse = {"M02": {"per_100_staff_year": 90.0, "stealth": 0.3}}
    two = dataclasses.replace(mini, municipalities=("482013", "482021"), misuse=misuse, edition="scripted")
    run = generate(Order(scenario=two, seed=5, key=PseudonymKey.insecure()), tmp_path / "run")
    made = grow(run, 1, tmp_path / "longer")
    assert verify(made.run.path) == []
    assert verify_people(made.run) == []
    assert {head.municipality for head in made.run.manifest.logs} == {"482013", "482021"}
    key = AnswerKey.open(RunFolders(made.run.path).truth)
    assert key.episodes.filter(c("misuse"), c("first_at").dt.date() >= made.window.start).height


def copied(mini_folders, folder):
    """The three folders of `mini`, to be spoilt."""
    folders = RunFolders(folder / "run")
    for name in ("run", "truth", "keys"):
        shutil.copytree(getattr(mini_folders, name), getattr(folders, name))
    return folders


def test_a_growth_that_is_stopped_leaves_the_run_and_nothing_else(mini, tmp_path):
    """At any stage; and the same command then makes it."""
    before = {file.path: file.sha256 for file in mini.manifest.files}
    for last in (STAGES[0], STAGES[3], STAGES[-1]):

        def stop(stage, last=last):
            if stage == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            grow(mini, 1, tmp_path / "longer", stop)
        assert list(tmp_path.iterdir()) == []
    assert {path: FileDigest.of(mini.path, mini.path / path).sha256 for path in before} == before


def test_what_cannot_grow_is_refused_in_words(mini_folders, tmp_path):
    """No truth, a damaged run, another seed, names that are taken: nothing is made."""
    folders = copied(mini_folders, tmp_path)
    run, out = Dataset.open(folders.run), tmp_path / "out"
    with pytest.raises(ExistsError):
        grow(run, 1, folders.run)
    seed = folders.truth / "seed.json"
    kept = seed.read_bytes()
    seed.write_text(json.dumps({"seed": 4}), encoding="utf-8")
    with pytest.raises(CheckError, match="would make other people"):
        grow(run, 1, out)
    seed.write_bytes(kept)
    path = sorted(folders.run.glob("audit/event/*.parquet"))[0]
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-100])
    with pytest.raises(DamagedError, match="not what was sealed"):
        grow(run, 1, out)
    shutil.rmtree(folders.truth)
    with pytest.raises(MissingError, match="truth must be open"):
        grow(run, 1, out)
    assert not out.exists()


def test_a_run_whose_pseudonyms_rotate_is_refused(mini_folders, tmp_path):
    """It would need keys that the run does not have."""
    folders = copied(mini_folders, tmp_path)
    told = folders.truth / "misuse.toml"
    told.write_text("rotate_every_days = 7\n" + told.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(UsageError, match="rotate"):
        grow(Dataset.open(folders.run), 1, tmp_path / "out")


def test_the_scenario_of_a_grown_run_is_no_order(longer):
    """It says how the run came to be; generating it would make another one."""
    told = scenario.load(str(longer[1].path / "scenario.toml"))
    with pytest.raises(UsageError, match="has grown"):
        Order(scenario=told, seed=1, key=PseudonymKey.insecure())
    with pytest.raises(ValueError, match="than it has grown by"):
        dataclasses.replace(told, grown=(told.days,))


def test_the_command_says_what_was_added(mini, tmp_path):
    """Days, events, root."""
    done = CliRunner().invoke(app, ["grow", str(mini.path), "--months", "1", "--out", str(tmp_path / "longer")])
    assert done.exit_code == 0, done.output
    assert "2025-03-24 to 2025-04-24" in done.output
