"""What an office has today: the analyses that the standard specification prints from its own logs.

Work late at night and on closed days, failed log-ons, accesses per ID, mass searches and searches by number; each event
scores by the analyses that would list it. Source: 住民記録システム標準仕様書 (Ministry of Internal Affairs), 20.x.
"""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.view import AuditorView
from simulator.world import calendar

# The specification names the analyses and leaves their limits to the office.
ASSUMED_FIRST_HOUR = 7
ASSUMED_LAST_HOUR = 21
ASSUMED_MASS_HITS = 100
ASSUMED_MASS_PER_HOUR = 60
_NUMBERS = "resident_code|my_number"


@dataclass(frozen=True, slots=True)
class Standard:
    """Scores by how many of the five printed analyses would list the event, 0–1."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        events = view.table("event").with_columns(day=pl.col("at").dt.date(), hour_slot=pl.col("at").dt.truncate("1h"))
        closed = [day for day in events["day"].unique().to_list() if not calendar.is_business_day(day)]
        hour = pl.col("at").dt.hour()
        late = pl.col("day").is_in(closed) | ~hour.is_between(ASSUMED_FIRST_HOUR, ASSUMED_LAST_HOUR - 1)
        failed = (pl.col("action").cast(pl.String) == "login") & (pl.col("decision").cast(pl.String) == "deny")
        mass = (pl.col("hits") >= ASSUMED_MASS_HITS) | (pl.len().over("actor", "hour_slot") >= ASSUMED_MASS_PER_HOUR)
        by_number = pl.col("search_keys").str.contains(_NUMBERS)
        per_actor = pl.len().over("actor", "day") / pl.len().over("section", "day")
        flags = (late, failed, mass, by_number)
        points = pl.sum_horizontal(flag.fill_null(value=False).cast(pl.Float64) for flag in flags) + per_actor
        return events.select("event_id", score=points / (len(flags) + 1)).sort("event_id")


DETECTOR = Baseline(
    name="standard",
    title_ja="標準仕様書の操作履歴分析",
    title_en="The analyses that the standard specification prints",
    finds="work at night and on closed days, failed log-ons, mass searches, searches by number",
    misses="one look in working hours: nearly all of what the news reports",
    tables=("event",),
    code="B-std",
    make=Standard,
)
