"""Scores files beside the run and its answers."""

from dataclasses import replace

import made_town
import polars as pl
import pytest

from simulator import detect, scoring
from simulator.errors import DamagedError, MissingError, UsageError


@pytest.fixture(scope="module")
def town():
    return made_town.town()


@pytest.fixture(scope="module")
def key(town):
    return made_town.key(town)


def perfect(town):
    return town.table("event").select("event_id", score=pl.col("case_no").is_null().cast(pl.Float64))


def test_perfect_scores_find_all(town, key):
    """Perfect scores find the actor on the day of the first misuse, with no look-alike and nothing missed."""
    card = scoring.score(town, key, perfect(town), "perfect")
    assert (card.average_precision, card.ap_actor, card.ap_victim) == (1.0, 1.0, 1.0)
    assert [line.recall.value for line in card.budgets] == [1.0, 1.0, 1.0]
    assert card.budgets[0].days_to_detection == 0.0
    assert card.brier == card.calibration_error == 0.0
    assert {line.kind for line in card.groups} == {"stealth", "section"}
    assert {line.recall for line in card.groups} == {1.0}
    assert sum(line.actors for line in card.groups if line.kind == "section") == card.episodes


def test_found_before_the_next_victim(town, key):
    """Perfect scores find the actor on the first day; who is found at the end is found before nobody."""
    card = scoring.score(town, key, perfect(town), "perfect")
    ids = key.labels.filter("misuse")["event_id"].implode()
    harmed = town.table("event").filter(pl.col("event_id").is_in(ids), pl.col("resident").is_not_null())
    days = harmed.group_by("resident").agg(pl.col("at").min().dt.date())["at"].sort()
    wanted = [(n, 1, int(days[0] < days[n - 1])) for n in (2, 5, 10) if len(days) >= n]
    assert [(line.victims, line.episodes, line.found) for line in card.before_victim] == wanted


def test_constant_scores_are_chance(town, key):
    """Constant scores give the prevalence as average precision."""
    card = scoring.score(town, key, perfect(town).with_columns(score=pl.lit(1.0)), "constant")
    assert card.average_precision == pytest.approx(card.prevalence, abs=1e-12)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_written_scores_are_read_back(town, key, tmp_path, ending):
    """A file written by detect gives the card of the scores themselves, reasons included."""
    path = tmp_path / f"has_reason.{ending}"
    scores = detect.run(town, "has_reason")
    detect.write_scores(scores, path)
    card = scoring.score_file(town, key, path)
    assert card == scoring.score(town, key, scores, "has_reason")
    assert card.explained is not None
    assert card.explained.misuse == 0.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.tail(-1), "lacks a score.*event_id 1 "),
        (lambda s: pl.concat([s, s.head(1)]), "more than once: event_id 1 "),
        (lambda s: s.with_columns(pl.col("event_id") + 1), "does not hold"),
        (lambda s: s.with_columns(score=pl.lit(float("nan"))), "NaN or infinite"),
        (lambda s: s.with_columns(score=pl.lit(float("inf"))), "NaN or infinite"),
        (lambda s: s.rename({"score": "points"}), "no column score"),
        (lambda s: s.with_columns(score=pl.lit("high")), "no number"),
    ],
)
def test_scores_that_do_not_fit_are_named(town, key, change, words):
    """Missing, repeated, unknown, non-finite and misnamed scores each give their own line."""
    with pytest.raises(scoring.ScoresError, match=words):
        scoring.score(town, key, change(perfect(town)), "wrong")


def test_key_of_another_run_is_refused(town, key):
    """An answer key made with another run is not used."""
    with pytest.raises(scoring.ForeignKeyError, match="belongs to run cdcd"):
        scoring.score(town, replace(key, run="cd" * 32), perfect(town), "foreign")


def test_files_that_cannot_be_read_are_named(tmp_path):
    """A file that is not there, of another kind, or no Parquet gives one clear error."""
    with pytest.raises(MissingError, match="no scores file"):
        scoring.read_scores(tmp_path / "none.csv")
    other = tmp_path / "scores.txt"
    other.write_text("event_id,score\n")
    with pytest.raises(UsageError, match="ends in"):
        scoring.read_scores(other)
    other.rename(tmp_path / "broken.parquet")
    with pytest.raises(DamagedError, match="does not decode"):
        scoring.read_scores(tmp_path / "broken.parquet")
