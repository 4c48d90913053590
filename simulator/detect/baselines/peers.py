"""Peer group: work that is rare among colleagues, and residents whom nobody near this operator works for.

Rarity is the log-odds of purpose, action and hour within the section and role. The community part takes each operator's
residents of a week: how much of them also occurs among the operators most alike (cosine over shared households).
Source: Chen, Nyemba, Malin 2012, Detecting anomalous insiders in collaborative information systems (CADS).
"""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.pairs import affinities
from simulator.detect.view import AuditorView

ASSUMED_NEIGHBOURS = 10
ASSUMED_COMMUNITY_WEIGHT = 2.0
_GROUP = ("section", "role")


@dataclass(frozen=True, slots=True)
class Peers:
    """Scores −log of how usual the work is, plus the weekly deviation from the community."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        events = view.table("event").with_columns(hour=pl.col("at").dt.hour(), week=pl.col("at").dt.truncate("1w"))
        size = pl.len().over(_GROUP)
        kinds = (("purpose", "action"), ("hour",))
        rarity = pl.sum_horizontal(-((pl.len().over(*_GROUP, *kind) + 1) / (size + 1)).log() for kind in kinds)
        deviation = _deviation(events)
        scored = events.select("event_id", "actor", "week", rarity=rarity).join(
            deviation, on=["actor", "week"], how="left"
        )
        points = pl.col("rarity") + ASSUMED_COMMUNITY_WEIGHT * pl.col("deviation").fill_null(0.0)
        return scored.select("event_id", score=points).sort("event_id")


def _deviation(events: pl.DataFrame) -> pl.DataFrame:
    """``deviation`` of each actor and week: the share of their households that no operator alike has worked on."""
    known = events.filter(pl.col("household").is_not_null())
    pairs = known.select("actor", "household").unique()
    found = affinities(pairs.rename({"household": "item"}))
    near = found.neighbours(ASSUMED_NEIGHBOURS)
    shared = near.join(pairs, left_on="other", right_on="actor").select("actor", "household").unique()
    weekly = known.select("actor", "week", "household").unique()
    told = weekly.join(shared.with_columns(shared=True), on=["actor", "household"], how="left")
    return told.group_by("actor", "week").agg(deviation=1 - pl.col("shared").fill_null(value=False).mean())


DETECTOR = Baseline(
    name="peers",
    title_ja="同僚との比較（所属・役割・時間・照会先）",
    title_en="Peer group: rare work, residents far from colleagues'",
    finds="a role that drifts, work of other sections, whole weeks unlike colleagues'",
    misses="single looks among ordinary work",
    tables=("event",),
    code="B3",
    make=Peers,
)
