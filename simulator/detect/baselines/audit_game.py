"""An audit policy as a game: how often to review each type of alert when staff know the policy and pick the best type.

Types are the rules of `rules`; each look is of the heaviest type that applies. The auditor commits to a probability of
review per type under a budget; whoever means harm takes the type with the best chance. The best commitment makes every
worthwhile type equally unattractive, found by bisection; reviews within a type are drawn.
Source: Kiekintveld et al. 2009 (AAMAS), ORIGAMI; Yan et al. 2018, Get your workload in order (ICDE), for alert types.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.detect.baselines.rules import RULES, Rules
from simulator.detect.contract import EVIDENCE, Baseline
from simulator.detect.features import Floats, lots
from simulator.detect.view import AuditorView

ASSUMED_REVIEWS_PER_DAY = 20.0
ASSUMED_PENALTY = 10.0
"""What being found costs, in the units of the rules' weights, which stand for what a look of the type is worth."""
_STEPS = 60
_HIGHEST = 1e9


@dataclass(frozen=True, slots=True)
class AuditGame:
    """Scores by the order in which the policy draws: probability of review against a lot."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event; ``why`` is the type."""
        events = view.table("event").select("event_id", "at").join(Rules().score(view), on="event_id").sort("event_id")
        typed = events.with_columns(why=_kind())
        worth = {rule.name: rule.weight for rule in RULES} | {"none": min(r.weight for r in RULES) / 2}
        names, days = sorted(worth), max(1, events["at"].dt.date().n_unique())
        counts = dict(typed.group_by("why").len().iter_rows())
        gain, load = np.array([worth[n] for n in names]), np.array([counts.get(n, 0) / days for n in names])
        chance = dict(zip(names, review_chances(gain, load, ASSUMED_REVIEWS_PER_DAY).tolist(), strict=True))
        rate = typed["why"].replace_strict(chance, return_dtype=pl.Float64).to_numpy()
        drawn = lots(typed["at"].dt.epoch("ms").to_numpy())
        scores = np.minimum(rate / np.maximum(drawn, 1 / _HIGHEST), _HIGHEST)
        return typed.select("event_id", pl.Series("score", scores), "why")


def _kind() -> pl.Expr:
    applied = pl.col("why").str.split("+")
    kinds = [rule.name for rule in sorted(RULES, key=lambda r: -r.weight)]
    return pl.coalesce(*(pl.when(applied.list.contains(kind)).then(pl.lit(kind)) for kind in kinds), pl.lit("none"))


def review_chances(gain: Floats, load: Floats, budget: float) -> Floats:
    """The probabilities of review, shape ``(n_types,)``, that leave the best type as little as the budget allows.

    Args:
        gain: what a look of each type is worth to who means harm.
        load: alerts of each type a day.
        budget: reviews a day.
    """
    low, high = -ASSUMED_PENALTY, float(gain.max())
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if float(_chances(gain, middle) @ load) <= budget else (middle, high)
    return _chances(gain, high)


def _chances(gain: Floats, value: float) -> Floats:
    chances: Floats = np.clip((gain - value) / (gain + ASSUMED_PENALTY), 0.0, 1.0)
    return chances


DETECTOR = Baseline(
    name="audit_game",
    title_ja="監査方針のゲーム（種別ごとの点検確率）",
    title_en="Audit policy as a game: chances of review by type",
    finds="types of looks that pay, whoever knows the policy",
    misses="looks that no rule notices, beyond a random few",
    tables=EVIDENCE,
    code="B8",
    make=AuditGame,
)
