"""The columns through which a log could give its misuse away without anybody understanding anything."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from simulator import storage
from simulator.dataset import Dataset
from simulator.labels import AnswerKey
from simulator.schema import EVENT

LAWFUL_ROWS = 200_000
"""Most lawful events that are compared with; drawn by event_id, so the same in every run. The smallest bin that is
judged, 0.2 % of them, is then known to a twentieth; what limits the gate is how few events of misuse there are."""
_Read = TypeVar("_Read")
_SESSION = ["session_id"]
_NULLS = [column.name for column in EVENT if column.nullable]

# What no archetype may name as its signal: ids, gaps, order, sub-seconds, lengths, nulls, hours (detection.md 3.5).
ARTEFACTS: dict[str, pl.Expr] = {
    "event_id within a batch of 256": pl.col("event_id") % 256,
    "millisecond": pl.col("at").dt.millisecond(),
    "second of the minute": pl.col("at").dt.second(),
    "minute of the hour": pl.col("at").dt.minute(),
    "hour": pl.col("at").dt.hour(),
    "weekday": pl.col("at").dt.weekday(),
    "gap to the event before": pl.col("at").diff().dt.total_milliseconds(),
    "gap to the event after": -pl.col("at").diff(-1).dt.total_milliseconds(),
    "gap to the actor's event before": pl.col("at").diff().over("actor").dt.total_milliseconds(),
    "gap to the actor's event after": -pl.col("at").diff(-1).over("actor").dt.total_milliseconds(),
    "position in the session": pl.int_range(pl.len()).over(_SESSION),
    "events of the session": pl.len().over(_SESSION),
    "time since the session began": (pl.col("at") - pl.col("at").min().over(_SESSION)).dt.total_milliseconds(),
    "dwell": pl.col("dwell_s"),
    "length of the case number": pl.col("case_no").str.len_chars(),
    "length of the search condition": pl.col("search_keys").str.len_chars(),
    "which columns are null": pl.sum_horizontal(
        pl.col(name).is_null().cast(pl.Int64) * (1 << bit) for bit, name in enumerate(_NULLS)
    ),
    "first byte of the actor's pseudonym": pl.col("actor").bin.slice(1, 1).bin.reinterpret(dtype=pl.UInt8),
    "first byte of the resident's pseudonym": pl.col("resident").bin.slice(1, 1).bin.reinterpret(dtype=pl.UInt8),
}
_OF_NEIGHBOURS = tuple(name for name in ARTEFACTS if "gap" in name or "session" in name)
"""Artefacts that take other events of the log to see."""
LOG_ONLY = (
    "system", "screen", "role", "section", "office", "auth_method", "action", "purpose", "match", "hits",
    "protected_alert", "fields", "rows_returned", "decision", "dwell_s",
)  # fmt: skip
"""Columns of the log itself from which a small tree may learn: what archetypes name as signals is among them."""


@dataclass(frozen=True, slots=True)
class Events:
    """The events that the checks compare.

    Attributes:
        frame: event_id, at, actor, the columns LOG_ONLY, and each of ARTEFACTS as a number.
        episode: number of the episode of each event, -1 for lawful ones, shape ``(n,)``.
        twin_of: event_id of the misuse that a lawful event is the twin of, -1 for none.
        stride: for how many lawful events of the log each lawful one of the frame stands.
    """

    frame: pl.DataFrame
    episode: np.ndarray
    twin_of: np.ndarray
    stride: int = 1

    @property
    def bad(self) -> np.ndarray:
        """Whether each is misuse."""
        return np.asarray(self.episode >= 0)


def read(dataset: Dataset, key: AnswerKey, jobs: int = 1) -> Events:
    """Misuse, its twins, and lawful events of the same actions, each with its artefacts; nothing that is grey.

    Args:
        dataset: a run.
        key: its answers.
        jobs: threads, each of which reads a file of the log; they change nothing.
    """
    labels = key.labels.select("event_id", "misuse", "grey", "episode_id", "twin_of")
    told = labels.filter(pl.col("misuse") | pl.col("grey") | pl.col("twin_of").is_not_null())
    stride = max(1, dataset.manifest.rows["event"] // LAWFUL_ROWS)
    frame = pl.concat(_parts(dataset, told, stride, jobs))
    actions = frame.filter("misuse")["action"].unique()
    kept = frame.filter(pl.col("action").is_in(actions.implode()))
    names = kept.select(pl.when("misuse").then("episode_id").rank("dense").cast(pl.Int64).fill_null(0) - 1)
    return Events(kept, names.to_series().to_numpy(), kept["twin_of"].fill_null(-1).to_numpy(), stride)


def each(files: Sequence[Path], read_one: Callable[[Path], _Read], jobs: int) -> list[_Read]:
    """What `read_one` makes of each of `files`, in their order, by `jobs` threads."""
    with ThreadPoolExecutor(max_workers=jobs) as threads:
        return list(threads.map(read_one, files))


def _parts(dataset: Dataset, told: pl.DataFrame, stride: int, jobs: int) -> list[pl.DataFrame]:
    wanted = ["event_id", "at", "actor", "case_no", *LOG_ONLY, *ARTEFACTS, "misuse", "episode_id", "twin_of"]
    kept = pl.col("misuse").is_not_null() | (pl.col("event_id").hash(7) % stride == 0)
    alone = [_number(name) for name in ARTEFACTS if name not in _OF_NEIGHBOURS]

    def read_one(file: Path) -> pl.DataFrame:
        part = storage.read_parquet(file).sort("event_id").with_columns(_number(name) for name in _OF_NEIGHBOURS)
        joined = part.join(told, on="event_id", how="left", maintain_order="left")
        judged = joined.filter(~pl.col("grey").fill_null(value=False)).filter(kept).with_columns(alone)
        return judged.select(wanted).with_columns(pl.col("misuse").fill_null(value=False))

    return each(dataset.files("event"), read_one, jobs)


def _number(name: str) -> pl.Expr:
    return ARTEFACTS[name].cast(pl.Float64).fill_null(-1.0).alias(name)


def ranked(column: pl.Series) -> pl.Series:
    """The place of each value's text among the distinct texts of `column`, from 1, null for null."""
    distinct = column.unique().drop_nulls()
    places = distinct.cast(pl.String).rank("dense")
    return column.to_physical().replace_strict(distinct.to_physical(), places, default=None)
