"""Difficulty, measured and not declared: how far down an auditor's list each episode stands."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator import detect
from simulator.detect import Auditor, AuditorView
from simulator.labels import AnswerKey
from simulator.schema import DIFFICULTY

REFERENCES = ("has_reason", "rules")
"""The detectors whose ranks count: what an auditor has with tables to join, and with rules alone."""


def measure(view: AuditorView, key: AnswerKey, references: tuple[str, ...] = REFERENCES) -> pl.DataFrame:
    """Table ``difficulty``: the best rank of each episode's events in the list of each reference detector.

    Events of equal score share the mean of their ranks. Difficulty is the logarithm of that rank over the logarithm of
    the number of events: 0 stands first, 1 last. Look-alikes are measured as well: they stand high in bad lists.
    """
    told = key.labels.join(key.episodes.select("episode_id", "archetype"), on=["episode_id", "archetype"], how="semi")
    told = told.select("event_id", "episode_id")
    auditor = Auditor(_Small(view))
    parts = [_ranks(detect.run(auditor, name), told, name) for name in references if told.height]
    return DIFFICULTY.conform(pl.concat(parts)) if parts else DIFFICULTY.empty()


@dataclass(frozen=True, slots=True)
class _Small:
    """The tables of `inner` with a number for each pseudonym, for speed: eight of its random bytes.

    That two of a million people share them has a chance below 10^-7; what a detector finds does not depend on bytes.
    """

    inner: AuditorView

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`."""
        frame = self.inner.table(table)
        return frame.with_columns(_number(frame[c]).alias(c) for c, kind in frame.schema.items() if kind == pl.Binary)


def _number(names: pl.Series) -> pl.Series:
    there = names.is_not_null()
    packed = names.drop_nulls().to_arrow()
    _, offsets, content = packed.buffers()
    first = int(np.frombuffer(offsets, dtype=np.int64)[packed.offset])
    words = np.frombuffer(content, dtype=np.uint64, count=2 * len(packed), offset=first)[1::2]
    if there.all():
        return pl.Series(words)
    return pl.Series(words).gather(pl.select(pl.when(there).then(there.cum_sum() - 1)).to_series())


def _ranks(scores: pl.DataFrame, told: pl.DataFrame, name: str) -> pl.DataFrame:
    ranked = scores.select("event_id", best_rank=pl.col("score").rank("average", descending=True))
    best = told.join(ranked, on="event_id").group_by("episode_id").agg(pl.col("best_rank").min()).sort("episode_id")
    last = float(np.log(max(2, scores.height)))
    return best.with_columns(detector=pl.lit(name), events=pl.lit(scores.height)).with_columns(
        difficulty=pl.col("best_rank").log() / last
    )
