"""River's half-space trees, event by event as they come, features scaled to 0–1. Needs the extra ``detect``.

River's own documentation says that they do not work well where anomalies are packed together.
"""

from dataclasses import dataclass

import polars as pl

from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.extras import needed
from simulator.detect.features import features
from simulator.detect.view import AuditorView

SEED = 0
_WINDOW = 500
_TREES = 15
_HEIGHT = 6
_COLUMNS = ("hour", "weekday", "is_view", "is_search", "hits", "events_in_hour", "residents_in_hour", "case_stated",
            "looks_at_resident", "purpose_rarity", "first_look", "on_duty", "same_surname", "case_fits")  # fmt: skip


@dataclass(frozen=True, slots=True)
class HalfSpace:
    """Scores 0–1, each event before it is learnt from."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        anomaly = needed("river.anomaly")
        found = features(view, _COLUMNS)
        low, high = found.values.min(axis=0, initial=0.0), found.values.max(axis=0, initial=1.0)
        model = anomaly.HalfSpaceTrees(n_trees=_TREES, height=_HEIGHT, window_size=_WINDOW, seed=SEED)
        scores = []
        for row in ((found.values - low) / (high - low)).tolist():
            event = dict(zip(_COLUMNS, row, strict=True))
            scores.append(float(model.score_one(event)))
            model.learn_one(event)
        return pl.DataFrame(
            {"event_id": found.event_id, "score": scores}, schema={"event_id": pl.Int64, "score": pl.Float64}
        ).sort("event_id")


DETECTOR = Baseline(
    name="half_space_trees",
    title_ja="半空間木（逐次）",
    title_en="Half-space trees, streaming",
    finds="single events far from the usual",
    misses="bursts, and what looks like work",
    tables=EVIDENCE,
    code="B6",
    quick=False,
    extra="detect",
    make=HalfSpace,
)
