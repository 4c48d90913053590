"""Unicity: how few accesses, known from elsewhere, single out one resident in a log of pseudonyms.

Someone who knows that a neighbour was at the counter on Tuesday at ten knows one cell of the log: that place, that
hour. Unicity is the share of residents of whom k such cells, drawn from their own accesses, fit no other resident.

Source of the measure: de Montjoye et al., Unique in the Crowd, Scientific Reports 3:1376 (2013).
"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

import polars as pl

from simulator.dataset import Dataset
from simulator.errors import UnknownNameError, UsageError
from simulator.streams import Stream

TIMES = {"hour": "1h", "day": "1d", "week": "1w", "month": "1mo"}
PLACES = ("municipality", "prefecture", "section", "office", "terminal", "purpose", "action", "screen", "actor")
KNOWLEDGE: tuple[tuple[str, ...], ...] = (
    ("municipality", "hour", "purpose"),
    ("municipality", "hour"),
    ("municipality", "day"),
    ("municipality", "week"),
    ("prefecture", "day"),
)
"""What an attacker may know of an access. Source: registry.md 2.6."""
SAMPLE = 1_000
_Z = 1.96
_EXCERPT = 2**20


def unicity(
    dataset: Dataset,
    knowledge: Sequence[Sequence[str]] = KNOWLEDGE,
    counts: Sequence[int] = (1, 2, 3),
    *,
    sample: int = SAMPLE,
    seed: int = 0,
) -> list[dict[str, str | int | float]]:
    """One row for each thing known and each number of known accesses.

    Args:
        dataset: the run.
        knowledge: combinations of a time (hour, day, week, month) and what else is known of an access.
        counts: how many accesses are known.
        sample: how many residents are tried for each row; all, if there are no more.
        seed: of the choice of residents and of what is known of them.

    Returns:
        known, accesses, residents (who have as many), tried, singled_out, share with its 95 % interval.

    Raises:
        UnknownNameError: something that a log does not tell.
        UsageError: a count or sample below 1.
    """
    if min(counts, default=0) < 1 or sample < 1:
        raise UsageError("known accesses and sample must be at least 1")
    touches = _touches(dataset)
    return [row for known in knowledge for row in _rows(_cells(touches, tuple(known)), known, counts, (sample, seed))]


def _touches(dataset: Dataset) -> pl.LazyFrame:
    """One row per event and resident whom it concerned or showed."""
    events = dataset.scan("event").select("event_id", "at", "resident", *(set(PLACES) - {"municipality", "prefecture"}))
    shown = dataset.scan("shown").select("event_id", shown="resident")
    both = events.join(shown, on="event_id", how="left").with_columns(resident=pl.coalesce("shown", "resident"))
    codes = pl.Series([head.municipality for head in dataset.manifest.logs])
    place = pl.lit(codes).gather(pl.col("event_id") // 2**40)
    return both.filter(pl.col("resident").is_not_null()).with_columns(
        municipality=place, prefecture=place.str.slice(0, 2)
    )


def _cells(touches: pl.LazyFrame, known: tuple[str, ...]) -> pl.DataFrame:
    """Columns ``resident`` and ``cell``, both numbers, one row per pair that occurs."""
    for name in known:
        if name not in TIMES and name not in PLACES:
            raise UnknownNameError("knowledge", name, [*TIMES, *PLACES])
    keys = [pl.col("at").dt.truncate(TIMES[n]).alias(n) if n in TIMES else pl.col(n) for n in known]
    pairs = touches.select("resident", *keys).unique().collect()
    return pairs.select(
        resident=pl.col("resident").rank("dense").cast(pl.UInt32),
        cell=pl.struct(known).rank("dense").cast(pl.UInt32) if len(known) > 1 else pl.col(known[0]).rank("dense"),
    )


def _rows(
    pairs: pl.DataFrame, known: Sequence[str], counts: Sequence[int], draw: tuple[int, int]
) -> Iterator[dict[str, str | int | float]]:
    for count in counts:
        able = pairs.group_by("resident").len().filter(pl.col("len") >= count)["resident"].sort()
        order = Stream(draw[1]).at("unicity", *known, count).order("residents", len(able))[: draw[0]]
        chosen = able.gather(order)
        unique = sum(_singled(pairs, some, count, Stream(draw[1])) for some in _pieces(chosen, pairs))
        low, high = wilson(unique, len(chosen))
        share = unique / len(chosen) if len(chosen) else 0.0
        yield {
            "known": " × ".join(known), "accesses": count, "residents": len(able), "tried": len(chosen),
            "singled_out": unique, "share": round(share, 4), "low": round(low, 4), "high": round(high, 4),
        }  # fmt: skip


def _pieces(chosen: pl.Series, pairs: pl.DataFrame) -> Iterator[pl.Series]:
    """`chosen` in pieces whose candidates fit into memory."""
    crowd = max(pairs.height // max(pairs["cell"].n_unique(), 1), 1)
    step = max(_EXCERPT // crowd, 1)
    return (chosen.slice(i, step) for i in range(0, len(chosen), step))


def _singled(pairs: pl.DataFrame, chosen: pl.Series, count: int, stream: Stream) -> int:
    """How many of `chosen` are alone in `count` of their own cells."""
    own = pairs.filter(pl.col("resident").is_in(chosen.implode()))
    luck = pl.Series(stream.at("unicity").bits("cells", own.height)).alias("luck")
    known = (
        own.sort("resident", "cell")
        .with_columns(luck)
        .sort("luck")
        .group_by("resident", maintain_order=True)
        .head(count)
        .select("cell", target="resident")
    )
    fits = known.join(pairs, on="cell").group_by("target", "resident").len().filter(pl.col("len") == count)
    return fits.group_by("target").len().filter(pl.col("len") == 1).height


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson)."""
    if tries == 0:
        return 0.0, 1.0
    share, z = hits / tries, _Z
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z / (1 + z * z / tries) * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def explain(row: Mapping[str, str | int | float]) -> str:
    """A row of `unicity` in words."""
    return (
        f"Whoever knows {row['accesses']} access(es) by {row['known']} singles out {row['share']:.0%} "
        f"of the residents who have as many ({row['low']:.0%} to {row['high']:.0%}), without any key."
    )
