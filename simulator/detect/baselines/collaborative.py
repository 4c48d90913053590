"""Collaborative filtering: how well the other operators' work predicts that this operator meets this household.

Operators are placed by the leading eigenvectors of their shared households; a pair that the placement does not predict,
its own occurrence left out, is odd. Source: Menon et al. 2013 (KDD), Predicting accidental access by latent factors;
the truncated decomposition here is the plainest member of that family.
"""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.pairs import affinities
from simulator.detect.view import AuditorView

ASSUMED_FACTORS = 16
_KEYS = ["actor", "item"]


@dataclass(frozen=True, slots=True)
class Collaborative:
    """Scores minus the predicted affinity of operator and household; events without one score lowest."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        events = view.table("event").select("event_id", "actor", item="household")
        pairs = events.drop_nulls("item").select(_KEYS).unique()
        predicted = affinities(pairs).predicted(ASSUMED_FACTORS)
        scored = events.join(predicted, on=_KEYS, how="left")
        lowest = pl.lit(-1e6)
        return scored.select("event_id", score=(-pl.col("predicted")).fill_null(lowest)).sort("event_id")


DETECTOR = Baseline(
    name="collaborative",
    title_ja="協調フィルタリング（操作者と世帯の組）",
    title_en="Collaborative filtering on operator and household",
    finds="a pair of operator and household that nothing about either predicts",
    misses="new staff, and neighbours who are also ordinary customers",
    tables=("event",),
    code="B4",
    make=Collaborative,
)
