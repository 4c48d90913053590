"""Chance: a score that looks drawn, from the instant alone. A detector below it is worse than none."""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.features import lots
from simulator.detect.view import AuditorView


@dataclass(frozen=True, slots=True)
class Chance:
    """Scores 0–1 by nothing."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        events = view.table("event").sort("event_id")
        return events.select("event_id").with_columns(score=pl.Series(lots(events["at"].dt.epoch("ms").to_numpy())))


DETECTOR = Baseline(
    name="chance",
    title_ja="無作為（罠）",
    title_en="Chance (tripwire)",
    finds="nothing: if it is good, the measure is broken",
    misses="everything",
    tables=("event",),
    code="B0",
    make=Chance,
)
