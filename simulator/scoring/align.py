"""Scores beside the log and the answer key: read, checked by name, one row per event."""

from pathlib import Path

import polars as pl

from simulator import storage
from simulator.errors import DamagedError, MissingError, SimulatorError, UsageError
from simulator.labels import AnswerKey
from simulator.scoring.run import ScoredRun


class ScoresError(SimulatorError):
    """Scores that do not fit the run: columns, events or values."""

    code = "scores"


class ForeignKeyError(UsageError):
    """The answer key belongs to another run."""

    code = "foreign_key"


def read_scores(path: Path) -> pl.DataFrame:
    """Read a scores file, CSV or Parquet by its ending: ``event_id``, ``score``, perhaps ``explained``.

    Raises:
        MissingError: there is no such file.
        DamagedError: it does not decode.
        UsageError: the ending is neither.
        ScoresError: a column is missing or holds something that is no number.
    """
    if not path.is_file():
        msg = f"no scores file {path}"
        raise MissingError(msg)
    if path.suffix == ".parquet":
        return shape(storage.read_parquet(path), str(path))
    if path.suffix != ".csv":
        msg = f"{path}: a scores file ends in .csv or .parquet"
        raise UsageError(msg)
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        msg = f"{path} does not decode as CSV: {error}"
        raise DamagedError(msg) from error
    return shape(frame, str(path))


def shape(frame: pl.DataFrame, where: str = "the scores file") -> pl.DataFrame:
    """`frame` with ``event_id`` Int64, ``score`` Float64 and, if there, ``explained`` Boolean.

    Raises:
        ScoresError: a column is missing or does not convert.
    """
    for name in ("event_id", "score"):
        if name not in frame.columns:
            msg = f"{where} has no column {name}; wanted: event_id,score; found: {','.join(frame.columns)}"
            raise ScoresError(msg)
    columns = [_number(frame, "event_id", pl.Int64, where), _number(frame, "score", pl.Float64, where)]
    if "explained" in frame.columns:
        columns.append((frame["explained"].cast(pl.String).str.to_lowercase() == "true").alias("explained"))
    return pl.DataFrame(columns)


def _number(frame: pl.DataFrame, name: str, dtype: type[pl.DataType], where: str) -> pl.Series:
    values = frame[name]
    if values.dtype == pl.String:
        values = values.str.strip_chars()
    numbers = values.cast(dtype, strict=False)
    wrong = numbers.is_null().arg_true()
    if len(wrong):
        msg = f"{where}, row {wrong[0] + 1}: {name} is {str(frame[name][wrong[0]])[:40]!r}, which is no number"
        raise ScoresError(msg)
    return numbers


def align(scores: pl.DataFrame, event_ids: pl.Series, where: str = "the scores file") -> pl.DataFrame:
    """`scores` by event_id, exactly one finite score for each of `event_ids`.

    Raises:
        ScoresError: an event is missing, repeated or unknown, or a score is NaN or infinite; it names the first.
    """
    repeated = scores.filter(pl.col("event_id").is_duplicated())["event_id"].unique().sort()
    known = pl.DataFrame({"event_id": event_ids})
    unknown = scores.join(known, on="event_id", how="anti")["event_id"].sort()
    missing = known.join(scores, on="event_id", how="anti")["event_id"].sort()
    infinite = scores.filter(~pl.col("score").is_finite())["event_id"].sort()
    troubles = (
        (repeated, "scores an event more than once"),
        (unknown, "scores an event that the run does not hold"),
        (missing, "lacks a score for an event of the run"),
        (infinite, "holds a score that is NaN or infinite"),
    )
    for found, what in troubles:
        if len(found):
            msg = f"{where} {what}: event_id {found[0]} ({len(found)} in all); wanted: one finite score per event"
            raise ScoresError(msg)
    return scores.sort("event_id")


def check_key(run: ScoredRun, key: AnswerKey) -> None:
    """Refuse an answer key of another run.

    Raises:
        ForeignKeyError: its run is not this one.
    """
    if key.run != run.root:
        msg = (
            f"the answer key belongs to run {key.run[:12]}…, not to {run.root[:12]}…; give the .truth made with the run"
        )
        raise ForeignKeyError(msg)


def judged(run: ScoredRun, key: AnswerKey, scores: pl.DataFrame) -> pl.DataFrame:
    """One row per event that can be judged, by event_id: its score, who, whom, when and what it truly was.

    Grey events, neither plainly lawful nor plainly misuse, are left out: nobody is right or wrong about them.
    """
    labels = key.labels.select("event_id", "misuse", "lookalike", "grey", "episode_id", "archetype", "stealth")
    flags = [pl.col(name).fill_null(value=False) for name in ("misuse", "lookalike", "grey")]
    events = run.table("event").select("event_id", "at", "actor", "resident", "section")
    rows = align(scores, events["event_id"]).join(events, on="event_id").join(labels, on="event_id", how="left")
    return rows.with_columns(flags).filter(~pl.col("grey")).drop("grey").sort("event_id")
