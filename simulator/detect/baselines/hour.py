"""Hour alone: how far from the middle of the working day. If this alone finds misuse, the data give it away."""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.view import AuditorView

ASSUMED_MIDDAY_MIN = 12 * 60 + 50
"""Minutes from midnight: the middle of 8:30 to 17:15, an office's usual hours."""
FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Hour:
    """Scores by how far from the middle of the working day."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        points = (pl.col("at").dt.hour() * 60.0 + pl.col("at").dt.minute() - ASSUMED_MIDDAY_MIN).abs() + pl.when(
            pl.col("at").dt.weekday() > FRIDAY
        ).then(24 * 60).otherwise(0)
        return view.table("event").select("event_id", score=points.cast(pl.Float64)).sort("event_id")


DETECTOR = Baseline(
    name="hour",
    title_ja="時間帯のみ（罠）",
    title_en="Hour alone (tripwire)",
    finds="night and weekend looks; if it finds more, misuse keeps its own hours",
    misses="a single look in working hours",
    tables=("event",),
    code="B0",
    make=Hour,
)
