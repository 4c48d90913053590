"""The leak gate sees what gives misuse away, sees nothing where there is nothing, and stops a run that leaks."""

import dataclasses
import shutil

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from simulator import leaks, scenario
from simulator.dataset import Dataset
from simulator.errors import CheckError
from simulator.generation import Order, RunFolders, generate
from simulator.generation import joining as maker
from simulator.labels import AnswerKey
from simulator.leaks.checks import ON_EVENTS, order, single_columns, small_tree, truth_apart, twins
from simulator.leaks.columns import read
from simulator.leaks.joint import joint
from simulator.leaks.lift import area, precision, precision_by_level, resampled
from simulator.pseudonym import PseudonymKey

DENSE = {
    "M01": {"episodes": 10}, "M02": {"episodes": 6}, "M03": {"episodes": 6}, "M04": {"episodes": 10},
    "M06": {"episodes": 10}, "M09": {"episodes": 4}, "M13": {"episodes": 6},
}  # fmt: skip


@pytest.fixture(scope="module")
def dense(tmp_path_factory):
    """A run of a small town with much misuse, that its gate has let through."""
    mini = scenario.load("mini")
    chosen = dataclasses.replace(
        mini,
        days=60,
        misuse=DENSE,
        population=dataclasses.replace(mini.population, residents=5_000),
        office=dataclasses.replace(mini.office, staff=120),
    )
    folders = RunFolders(tmp_path_factory.mktemp("dense") / "run")
    generate(Order(scenario=chosen, seed=5, key=PseudonymKey.insecure()), folders.run)
    return folders


@pytest.fixture(scope="module")
def key(dense):
    return AnswerKey.open(dense.truth)


@pytest.fixture(scope="module")
def events(dense, key):
    return read(Dataset.open(dense.run), key)


def _changed(events, **columns):
    return dataclasses.replace(events, frame=events.frame.with_columns(**columns))


def _bad(events):
    return pl.Series(events.bad)


def test_a_run_that_is_made_does_not_leak(dense, key):
    """Every check has measured something and none leaks; the report is kept with the truth and nowhere else."""
    report = leaks.examine(Dataset.open(dense.run), key, jobs=3)
    assert report.leaks == ()
    assert {finding.check for finding in report.findings} == {
        "single column", "small tree", "twins", "joint", "order", "label function", "truth apart",
    }  # fmt: skip
    assert (dense.truth / "leaks.json").read_bytes() == report.to_bytes()
    assert not list(dense.run.rglob("*leak*"))


def test_report_says_what_it_could_have_seen(dense, key):
    """The columns have a power, half of them below five times as much, so holding is not blindness."""
    report = leaks.examine(Dataset.open(dense.run), key)
    powers = [finding.power for finding in report.findings if finding.check == "single column"]
    assert np.isfinite(powers).all()
    assert np.median(powers) < 5
    assert "events of misuse in" in next(iter(report.lines()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("millisecond", 0.0),
        ("hour", 23.0),
        ("length of the case number", 17.0),
        ("which columns are null", 4095.0),
        ("position in the session", 999.0),
        ("gap to the event before", 1.0),
    ],
)
def test_a_planted_artefact_is_found_and_named(events, name, value):
    """An artefact that half of the misuse has and lawful work has not is found by the column's own measure."""
    half = _bad(events) & (pl.Series(events.episode) % 2 == 0)
    planted = _changed(events, **{name: pl.when(half).then(value).otherwise(pl.col(name))})
    found = [finding for finding in single_columns(planted) if finding.leaks]
    assert [finding.what.split(" ")[0] for finding in found] == [name.split(" ")[0]]


def test_one_large_episode_is_no_artefact(events):
    """A byte of the actor's pseudonym that one of twenty episodes has, with nine of ten events, tells of one person."""
    lawful, bad = np.flatnonzero(~events.bad), np.flatnonzero(events.bad)
    drawn = np.concatenate([lawful, np.tile(bad, 10)])
    large = np.tile(np.arange(10), (len(bad), 1)).T.ravel() > 0
    episode = np.concatenate([events.episode[lawful], np.where(large, 999, np.tile(events.episode[bad] % 20, 10))])
    name = "first byte of the actor's pseudonym"
    byte = np.where(episode == 999, 129.0, events.frame[name].to_numpy()[drawn])
    frame = events.frame[drawn].with_columns(pl.Series(name, byte))
    one = dataclasses.replace(events, frame=frame, episode=episode, twin_of=events.twin_of[drawn])
    found = next(finding for finding in single_columns(one) if finding.what.startswith(name))
    assert not found.leaks
    assert found.power > 100


def test_one_person_of_many_episodes_is_no_artefact(events):
    """That several episodes have one actor, and so one byte, is the story and not a trace of the generator."""
    name = "first byte of the actor's pseudonym"
    often = pl.Series(events.bad & (events.episode % 2 == 0))
    one = _changed(events, **{name: pl.when(often).then(129.0).otherwise(pl.col(name))})
    assert not next(finding for finding in single_columns(one) if finding.what.startswith(name)).leaks


def test_a_planted_rule_of_two_columns_is_found_by_the_tree(events):
    """Misuse that only a pair of artefacts tells is found by the tree, not by the single columns."""
    rng = np.random.default_rng(1)
    n = len(events.bad)
    one, two = rng.integers(0, 8, n), rng.integers(0, 8, n)
    two = np.where(events.bad, one % 8, two)
    one = np.where(events.bad, rng.integers(0, 2, n), one)
    two = np.where(events.bad, one, two)
    planted = _changed(events, millisecond=pl.Series(one.astype(float)), dwell=pl.Series(two.astype(float)))
    assert next(iter(small_tree(planted))).leaks


def test_a_planted_difference_from_the_twins_is_found(events):
    """Twins whose dwell is longer by a little are told from misuse."""
    longer = pl.when(pl.Series(events.twin_of >= 0)).then(pl.col("dwell") * 3 + 40).otherwise(pl.col("dwell"))
    assert next(iter(twins(_changed(events, dwell=longer)))).leaks
    assert not next(iter(twins(events))).leaks


def test_what_misleads_about_other_episodes_is_no_leak(events):
    """A difference with one sign in a third of the episodes and the other in the next teaches nothing of the rest."""
    own = pl.Series(events.episode)
    of_twin = events.frame.select(pl.Series("twin", events.twin_of)).with_columns(
        episode=pl.col("twin").replace_strict(events.frame["event_id"], own, default=-1)
    )
    third = pl.Series(np.where(events.bad, events.episode, of_twin["episode"].to_numpy())) % 3
    sign = third.replace_strict([0, 1, 2], [1.0, -1.0, 0.0], default=0.0)
    found = next(iter(twins(_changed(events, dwell=pl.col("dwell") + sign * _bad(events) * 500))))
    assert found.high < 0.5
    assert not found.leaks


def test_two_columns_tied_together_are_found(events):
    """Misuse that always has the same two rare values together changes what the columns tell about one another."""
    tied = {
        name: pl.when(_bad(events)).then(pl.lit(rare)).otherwise(pl.col(name).cast(pl.String))
        for name, rare in (("office", "H99"), ("purpose", "audit"))
    }
    finding = next(iter(joint(_changed(events, **tied))))
    assert finding.leaks
    assert set(finding.what.split(",")[0].split(" and ")) == {"office", "purpose"}
    assert not next(iter(joint(events))).leaks


def test_rows_appended_last_are_found(events):
    """Numbers that do not follow time are found."""
    late = pl.when(_bad(events)).then(pl.col("event_id") + 10**9).otherwise(pl.col("event_id"))
    assert next(iter(order(_changed(events, event_id=late)))).leaks
    assert not next(iter(order(events))).leaks
    second = events.frame.with_columns(event_id=pl.col("event_id") + (1 << 40))
    both = dataclasses.replace(events, frame=pl.concat([events.frame, second]))
    assert not next(iter(order(both))).leaks, "the log of another municipality begins anew"


def test_a_column_that_is_the_label_is_found(events):
    """A value that holds most misuse and little else is a function of the label."""
    planted = _changed(events, fields=pl.when(_bad(events)).then(pl.lit("prior")).otherwise(pl.col("fields")))
    found = [f for check in ON_EVENTS for f in check(planted) if f.check == "label function" and f.leaks]
    assert [finding.what for finding in found] == ["fields"]


def test_a_text_that_names_an_episode_is_found(dense, key, tmp_path):
    """A case number that is an episode's name is found with its column."""
    run = shutil.copytree(dense.run, tmp_path / "run")
    dataset = Dataset.open(run)
    part = dataset.files("event")[0]
    frame = pl.read_parquet(part)
    frame.with_columns(
        case_no=pl.when(pl.int_range(pl.len()) == 5).then(pl.lit("M06-001")).otherwise("case_no")
    ).write_parquet(part)
    assert [f.what for f in truth_apart(dataset, key) if f.leaks] == ["event.case_no"]
    assert not [f for f in truth_apart(Dataset.open(dense.run), key) if f.leaks]


def test_a_run_that_leaks_is_not_made(tmp_path, monkeypatch):
    """The gate stops the generator with one line, and nothing is left under a final name."""
    leak = leaks.Finding(check="single column", what="hour 23–23", value=9.0, low=5.0, high=12.0, leaks=True, power=4.0)
    monkeypatch.setattr(maker.leaks, "examine", lambda *_: leaks.Report((leak,), 10, 3))
    out = tmp_path / "run"
    with pytest.raises(CheckError, match=r"gives its misuse away.*hour 23–23: 9\.00"):
        generate(Order(scenario=scenario.load("mini"), seed=1, key=PseudonymKey.insecure()), out)
    assert list(tmp_path.iterdir()) == []


def test_twins_equal_their_misuse(dense, key):
    """Each twin is lawful, used once, and equal to its misuse in every column that must be equal."""
    events = Dataset.open(dense.run).table("event")
    labels = key.labels
    paired = labels.filter(pl.col("twin_of").is_not_null())
    # With 65 kinds of work a small town has fewer equals than a city; what is left unmatched is reported.
    assert paired.height > 0.4 * len(key.misuse)
    assert not paired["misuse"].any()
    assert paired["twin_of"].is_unique().all()
    assert set(paired["twin_of"]) <= set(key.misuse)
    columns = ["action", "screen", "system", "purpose", "role", "section", "match", "decision", "reason"]
    own = paired.select("event_id", "twin_of").join(
        events.select("event_id", "at", "case_no", "resident", *columns), on="event_id"
    )
    both = own.join(events.select("event_id", "at", "case_no", *columns), left_on="twin_of", right_on="event_id")
    for name in columns:
        assert both[name].eq_missing(both[f"{name}_right"]).all(), name
    assert (both["case_no"].is_null() == both["case_no_right"].is_null()).all()
    met = events.select("event_id", met=pl.int_range(pl.len()).over("resident"))
    sizes = events.select("event_id", size=pl.len().over("session_id").cast(pl.Int64)).join(met, on="event_id")
    ends = both.select("event_id", "twin_of", nobody=pl.col("resident").is_null())
    other = sizes.rename({"event_id": "twin_of", "met": "met_right", "size": "size_right"})
    near = ends.join(sizes, on="event_id").join(other, on="twin_of")
    shift = [(pl.col(f"{name}_right") + 1).log(2) - (pl.col(name) + 1).log(2) for name in ("met", "size")]
    assert near.filter(~pl.col("nobody")).select(shift[0].abs()).to_series().max() <= 0.3 + 1e-9
    assert near.select(shift[1].abs()).to_series().max() <= 1 + 1e-9
    day = [pl.col(name).dt.hour().cast(pl.Int64) * 60 + pl.col(name).dt.minute() for name in ("at", "at_right")]
    assert both.select((day[0] - day[1]).abs()).to_series().max() <= 120


def test_area_and_precision_agree_with_scikit_learn():
    """The gate's own area and average precision are those of scikit-learn, ties included."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        score, bad = rng.integers(0, 9, 200).astype(float), rng.random(200) < 0.2
        assert area(score, bad) == pytest.approx(roc_auc_score(bad, score), abs=1e-12)
        assert precision(score, bad) == pytest.approx(average_precision_score(bad, score), abs=1e-12)


def test_precision_by_level_is_that_of_the_drawn_events():
    """Value and interval are those of `resampled`, which draws the events themselves."""
    rng = np.random.default_rng(3)
    for _ in range(5):
        level, group = rng.integers(0, 6, 400), rng.integers(0, 60, 400)
        bad = rng.random(400) < 0.1 + 0.1 * (level == 5)
        found = precision_by_level(level, bad, group, rounds=30)
        told = resampled(level.astype(float), bad, group, precision, rounds=30)
        assert [found.value, found.low, found.high] == pytest.approx([told.value, told.low, told.high], abs=1e-12)


def test_one_episode_shows_nothing(events):
    """With too few episodes every single column says that it could see nothing, instead of calling a person a leak."""
    few = dataclasses.replace(events, episode=np.where(events.episode > 2, -1, events.episode))
    found = list(single_columns(few))
    assert not any(finding.leaks for finding in found)
    assert all(finding.power == float("inf") for finding in found)
