"""Volume alone: how many events the actor made that day. If this alone finds misuse, the data give it away."""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.view import AuditorView


@dataclass(frozen=True, slots=True)
class Volume:
    """Scores by how many events the actor made that day."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        points = pl.len().over("actor", pl.col("at").dt.date())
        return view.table("event").select("event_id", score=points.cast(pl.Float64)).sort("event_id")


DETECTOR = Baseline(
    name="volume",
    title_ja="件数のみ（罠）",
    title_en="Volume alone (tripwire)",
    finds="bulk lookers; if it finds more, misuse was added where work was",
    misses="a single look in working hours",
    tables=("event",),
    code="B0",
    make=Volume,
)
