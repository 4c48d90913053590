"""Difficulty, measured and not declared: how far down an auditor's list each episode stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.detect import Auditor, AuditorView, Detector
from simulator.detect.baselines.has_reason import HasReason
from simulator.detect.baselines.rules import Rules
from simulator.labels import AnswerKey
from simulator.schema import DIFFICULTY

REFERENCES: dict[str, Detector] = {"has_reason": HasReason(telling=False), "rules": Rules(telling=False)}
"""The detectors whose ranks count: what an auditor has with tables to join, and with rules alone."""


def measure(view: AuditorView, key: AnswerKey, references: Sequence[str] = tuple(REFERENCES)) -> pl.DataFrame:
    """Table ``difficulty``: the best rank of each episode's events in the list of each reference detector.

    Events of equal score share the mean of their ranks. Difficulty is the logarithm of that rank over the logarithm of
    the number of events: 0 stands first, 1 last. Look-alikes are measured as well: they stand high in bad lists.
    """
    told = key.labels.join(key.episodes.select("episode_id", "archetype"), on=["episode_id", "archetype"], how="semi")
    told = told.select("event_id", "episode_id")
    auditor = Auditor(_Small(view))
    parts = [_ranks(REFERENCES[name].score(auditor), told, name) for name in references if told.height]
    return DIFFICULTY.conform(pl.concat(parts)) if parts else DIFFICULTY.empty()


@dataclass(frozen=True, slots=True)
class _Small:
    """The tables of `inner` with a number for each pseudonym and each repeated text, for speed.

    The number of a pseudonym is eight of its random bytes: that two of a million people share them has a chance below
    10^-7; what a detector finds does not depend on bytes.
    """

    inner: AuditorView

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`."""
        numbers = pl.col(pl.Binary).bin.slice(8, 8).bin.reinterpret(dtype=pl.UInt64)
        return self.inner.table(table).with_columns(numbers, pl.col(pl.String).cast(pl.Categorical))


def _ranks(scores: pl.DataFrame, told: pl.DataFrame, name: str) -> pl.DataFrame:
    ranked = scores.select("event_id", best_rank=pl.col("score").rank("average", descending=True))
    best = told.join(ranked, on="event_id").group_by("episode_id").agg(pl.col("best_rank").min()).sort("episode_id")
    last = float(np.log(max(2, scores.height)))
    return best.with_columns(detector=pl.lit(name), events=pl.lit(scores.height)).with_columns(
        difficulty=pl.col("best_rank").log() / last
    )
