"""What every detector must hold to, as checks that anyone can run on their own detector."""

from collections.abc import Callable

import polars as pl

from simulator.detect.contract import Detector
from simulator.detect.view import TABLES, AuditorView, Tables
from simulator.errors import CheckError

TOLERANCE = 1e-9
"""How far scores may move when names or order change: sums of floats may be added in another order."""


def check_scores(scores: pl.DataFrame, view: AuditorView, name: str = "the detector") -> pl.DataFrame:
    """`scores` as the contract wants them: by event_id, one finite score for every event of `view`.

    Raises:
        CheckError: a column is missing, an event is missing, repeated or unknown, or a score is not finite.
    """
    missing = [column for column in ("event_id", "score") if column not in scores.columns]
    if missing:
        msg = f"{name} gave no column {missing[0]}; wanted: event_id, score; found: {', '.join(scores.columns)}"
        raise CheckError(msg)
    shaped = scores.with_columns(pl.col("event_id").cast(pl.Int64), pl.col("score").cast(pl.Float64)).sort("event_id")
    events = view.table("event").select("event_id").sort("event_id")
    if not shaped["event_id"].equals(events["event_id"]):
        msg = f"{name} must score every event once: {events.height} events, {shaped['event_id'].n_unique()} scored"
        raise CheckError(msg)
    bad = shaped.filter(~pl.col("score").is_finite().fill_null(value=False)).height
    if bad:
        msg = f"{name} gave {bad} scores that are not finite numbers"
        raise CheckError(msg)
    return shaped


def check_detector(make: Callable[[], Detector], view: AuditorView) -> None:
    """Hold a detector against the contract on `view`; returns when it passes.

    Args:
        make: makes a fresh detector, without arguments.
        view: a log to try it on.

    Raises:
        CheckError: names the first promise that it breaks.
    """
    frames = {name: view.table(name) for name in TABLES}
    plain = Tables(frames)
    first = _scores(make(), plain)
    _same(first, _scores(make(), plain), "is not deterministic: two fresh detectors differ on the same log", 0.0)
    again = make()
    _scores(again, plain)
    _same(first, _scores(again, plain), "remembers: its second look at a log differs from its first", 0.0)
    _same(first, _scores(make(), Tables({n: f.reverse() for n, f in frames.items()})), "depends on the order of rows")
    _same(first, _scores(make(), Tables(_renamed(frames))), "depends on the bytes of pseudonyms")
    shifted = _scores(make(), Tables(_renumbered(frames))).with_columns(pl.col("event_id") // 3).sort("event_id")
    _same(first, shifted, "depends on the numbers of events")


def _scores(detector: Detector, view: Tables) -> pl.DataFrame:
    return check_scores(detector.score(view), view, type(detector).__name__).select("event_id", "score")


def _same(first: pl.DataFrame, second: pl.DataFrame, what: str, tolerance: float = TOLERANCE) -> None:
    apart = (first["score"] - second["score"]).abs()
    worst = apart.arg_max()
    if worst is not None and float(apart[worst]) > tolerance:
        pair = f"{first['score'][worst]} and {second['score'][worst]}"
        msg = f"the detector {what} (event_id {first['event_id'][worst]}: {pair})"
        raise CheckError(msg)


def _renamed(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every pseudonym with its bytes turned about: consistent, and in another order."""
    return {
        name: frame.with_columns(
            (pl.col(column).bin.encode("hex").str.reverse().str.decode("hex"))
            for column, dtype in frame.schema.items()
            if dtype == pl.Binary
        )
        for name, frame in frames.items()
    }


def _renumbered(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every event_id three times as large: other numbers, with gaps."""
    return {n: f.with_columns(pl.col("event_id") * 3) if "event_id" in f.columns else f for n, f in frames.items()}
