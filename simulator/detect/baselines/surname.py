"""Surname alone: the resident bears the actor's surname. If this alone finds misuse, the data give it away."""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.view import AuditorView


@dataclass(frozen=True, slots=True)
class Surname:
    """Scores 1 for the same surname, else 0."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        staff = view.table("staff").select("actor", own="surname").unique("actor")
        people = view.table("attribute").select("resident", "surname").unique("resident")
        events = view.table("event").select("event_id", "actor", "resident")
        joined = events.join(staff, on="actor", how="left").join(people, on="resident", how="left")
        same = (pl.col("surname") == pl.col("own")).fill_null(value=False)
        return joined.select("event_id", score=same.cast(pl.Float64)).sort("event_id")


DETECTOR = Baseline(
    name="surname",
    title_ja="同姓のみ（罠）",
    title_en="Surname alone (tripwire)",
    finds="some looks at kin; if it finds more, misuse is drawn by name",
    misses="everybody else",
    tables=("event", "staff", "attribute"),
    code="B0",
    make=Surname,
)
