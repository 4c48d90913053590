"""Splits keep stories on one side, labels out of the test part, and refuse what flatters."""

import polars as pl
import pytest

from simulator import split
from simulator.detect.features import AUDITOR_FEATURES, LOG_FEATURES
from simulator.errors import UnknownNameError, UsageError


@pytest.fixture(scope="module")
def parts(mini, mini_key, tmp_path_factory):
    out = tmp_path_factory.mktemp("split") / "parts"
    split.split([mini], [mini_key], "temporal", out)
    return out


def test_temporal_parts_follow_each_other(parts, mini):
    """Every event is in one part; the parts' days do not overlap."""
    days = [split.Part(parts / name).table("event")["at"].dt.date() for name in split.PARTS]
    assert sum(map(len, days)) == mini.table("event").height
    assert days[0].max() < days[1].min()
    assert days[1].max() < days[2].min()


def test_test_part_has_no_labels(parts):
    """Labels lie with the learning parts, and the test part's beside the split, not in it."""
    assert [split.Part(parts / name).labels is None for name in split.PARTS] == [False, False, True]
    assert (parts.with_name("parts.truth") / "labels.parquet").is_file()
    held = [f for f in (parts / "test").iterdir() for c in pl.read_parquet_schema(f) if c in {"misuse", "archetype"}]
    assert held == []


def test_operators_do_not_meet(mini, mini_key, tmp_path):
    """Each operator is in one part only."""
    split.split([mini], [mini_key], "operator", tmp_path / "parts")
    actors = [set(split.Part(tmp_path / "parts" / n).table("event")["actor"]) for n in split.PARTS]
    assert all(actors)
    assert len(set.union(*actors)) == sum(map(len, actors))


def test_held_out_archetype_is_in_the_test_part_only(mini, mini_key, tmp_path):
    """The learning parts hold no event of the archetype."""
    name = mini_key.episodes["archetype"][0]
    split.split([mini], [mini_key], "archetype", tmp_path / "parts", [name])
    away = mini_key.labels.filter(pl.col("archetype") == name)["event_id"]
    for part in split.LEARNING:
        assert not set(split.Part(tmp_path / "parts" / part).table("event")["event_id"]) & set(away)


def test_seeds_do_not_meet(mini, mini_key, tmp_path):
    """Runs stay whole; the last is to be tested on, and events of several keep different numbers."""
    counts = split.split([mini] * 4, [mini_key] * 4, "seed", tmp_path / "parts")
    height = mini.table("event").height
    assert counts == {"train": 2 * height, "validation": height, "test": height}
    assert split.Part(tmp_path / "parts/train").table("event")["event_id"].n_unique() == 2 * height


@pytest.mark.parametrize(
    ("how", "what"),
    [("random", "by rows is refused"), ("seed", "three runs"), ("archetype", "which archetypes")],
)
def test_what_flatters_is_refused(mini, mini_key, tmp_path, how, what):
    """A split by rows, too few seeds and nothing held out each say why and what would be right."""
    with pytest.raises(UsageError, match=what):
        split.split([mini], [mini_key], how, tmp_path / "parts")


def test_threshold_is_not_tuned_on_the_test_part(parts):
    """A threshold comes from the validation part."""
    part = split.Part(parts / "validation")
    scores = part.table("event").select("event_id", score=pl.int_range(pl.len()).cast(pl.Float64))
    limit = split.choose_threshold(part, scores, per_day=5)
    days = part.table("event")["at"].dt.date().n_unique()
    assert (scores["score"] > limit).sum() == 5 * days
    with pytest.raises(UsageError, match="tuned on the test part is refused"):
        split.choose_threshold(split.Part(parts / "test"), scores, per_day=5)


def test_arrays_are_ready_for_a_model(parts):
    """Finite features in time order, labels, groups; a map-style data set; no label in the test part."""
    from sklearn.naive_bayes import GaussianNB  # noqa: PLC0415

    train, test = split.load_split(parts, "train"), split.load_split(parts, "test")
    assert train.X.shape == (len(train), len(AUDITOR_FEATURES))
    assert (train.time[1:] >= train.time[:-1]).all()
    assert test.y is None
    assert train[0][1] in (0, 1)
    assert test[0][1] == -1
    if train.y.any():
        GaussianNB().fit(train.X, train.y)
    assert split.load_split(parts, "test", "log-only").names == LOG_FEATURES
    with pytest.raises(UnknownNameError, match="auditor-view, log-only"):
        split.load_split(parts, "test", "everything")


def test_terms_name_tables_and_features(parts):
    """bench.toml says what each track may open."""
    told = split.terms(parts)
    assert told["track"]["log-only"]["tables"] == ["event", "shown"]
    assert told["how"] == "temporal"
