"""From judged events to a scorecard."""

from collections.abc import Callable
from datetime import date
from statistics import median

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.scoring import metrics
from simulator.scoring.bootstrap import Interval, interval
from simulator.scoring.review import ASSUMED_MINUTES_PER_REVIEW, Outcome, office_days_between, queue, review
from simulator.scoring.scorecard import (
    COST_BUDGETS,
    HEADLINE,
    HEADLINE_BUDGETS,
    VICTIM_COUNTS,
    ArchetypeLine,
    BudgetLine,
    Explained,
    GroupLine,
    Scorecard,
    VictimLine,
)

Floats = npt.NDArray[np.float64]
CURVE_POINTS = 400
STEALTH_LIMITS = (1 / 3, 2 / 3)
"""Where ``open`` ends and ``careful`` begins: thirds of the scale."""


def scorecard(rows: pl.DataFrame, name: str, root: str) -> Scorecard:
    """Make the card of `rows`, one per judged event."""
    truth, scores = rows["misuse"].to_numpy(), rows["score"].to_numpy()
    units, targets = queue(rows), _targets(rows)
    outcomes = {per_day: review(units, per_day) for per_day in sorted({*COST_BUDGETS, *HEADLINE_BUDGETS})}
    lines = {per_day: _line(outcome, targets) for per_day, outcome in outcomes.items()}
    cost = tuple(lines[per_day] for per_day in COST_BUDGETS)
    likeness = metrics.is_probability(scores)
    lookalikes = units.filter(pl.col("lookalike") & ~pl.col("misuse")).height
    return Scorecard(
        detector=name,
        run=root,
        events=rows.height,
        misuse=int(truth.sum()),
        episodes=targets["episode_id"].n_unique(),
        prevalence=float(truth.mean()) if rows.height else 0.0,
        budgets=tuple(lines[per_day] for per_day in HEADLINE_BUDGETS),
        precision_at_all=_average_precision(rows),
        ap_actor=_grouped(rows, "actor"),
        ap_victim=_grouped(rows.filter(pl.col("resident").is_not_null()), "resident"),
        archetypes=_archetypes(targets, outcomes[HEADLINE]),
        groups=_groups(targets, outcomes[HEADLINE]),
        before_victim=_before_victim(rows, outcomes[HEADLINE]),
        explained=_explained(rows) if "explained" in rows.columns else None,
        lookalikes_reviewed=outcomes[HEADLINE].lookalikes / lookalikes if lookalikes else 0.0,
        cost=cost,
        cost_area=_area(cost),
        brier=metrics.brier(truth, scores) if likeness else None,
        calibration_error=metrics.calibration_error(truth, scores) if likeness else None,
        curve=_curve(metrics.thresholds(truth, scores)),
    )


def _targets(rows: pl.DataFrame) -> pl.DataFrame:
    """What there is to find: one row per actor of a misuse episode, with the day of their first misuse."""
    return (
        rows.filter("misuse")
        .group_by("episode_id", "actor")
        .agg(pl.col("archetype", "stealth", "section").first(), first=pl.col("at").min().dt.date())
        .sort("episode_id", "actor")
    )


def _average_precision(rows: pl.DataFrame) -> Interval:
    truth, scores = rows["misuse"].to_numpy(), rows["score"].to_numpy()
    value = metrics.average_precision(truth, scores)
    of = rows.filter("misuse").select(pl.col("episode_id").rank("dense").cast(pl.Int64) - 1)["episode_id"].to_numpy()
    hits, order = np.sort(-scores[truth]), np.argsort(-scores[truth], kind="stable")
    false = np.searchsorted(np.sort(-scores[~truth]), hits, side="right").astype(np.float64)
    ends = np.searchsorted(hits, hits, side="right") - 1

    def resampled(drawn: Floats) -> float:
        weight = drawn[of[order]]
        total = float(weight.sum())
        above = np.cumsum(weight)[ends]
        alerts = above + false
        shares = np.divide(above, alerts, out=np.zeros_like(above), where=alerts > 0)
        return float(np.sum(weight * shares)) / total if total else 0.0

    return interval(value, int(of.max()) + 1 if len(of) else 0, resampled)


def _grouped(rows: pl.DataFrame, by: str) -> float:
    """Average precision of the groups: the score of each is its highest, its truth whether it holds misuse."""
    groups = rows.group_by(by).agg(pl.col("score").max(), pl.col("misuse").any())
    return metrics.average_precision(groups["misuse"].to_numpy(), groups["score"].to_numpy())


def _line(outcome: Outcome, targets: pl.DataFrame) -> BudgetLine:
    pairs: list[tuple[str, bytes, date]] = list(targets.select("episode_id", "actor", "first").iter_rows())
    found = [(episode, actor) in outcome.found for episode, actor, _ in pairs]
    delays = [
        office_days_between(first, outcome.found[episode, actor])
        for episode, actor, first in pairs
        if (episode, actor) in outcome.found
    ]
    return BudgetLine(
        per_day=outcome.per_day,
        reviews=outcome.reviews,
        recall=_recall(targets, np.array(found, dtype=np.float64)),
        precision=_share(outcome.hits, outcome.reviews),
        days_to_detection=float(median(delays)) if delays else None,
        lookalike_rate=_share(outcome.lookalikes, outcome.reviews),
        suspected=outcome.suspected,
        victims=_share(outcome.victims, outcome.all_victims),
        minutes=outcome.reviews * ASSUMED_MINUTES_PER_REVIEW,
    )


def _recall(targets: pl.DataFrame, found: Floats) -> Interval:
    of = (targets["episode_id"].rank("dense").cast(pl.Int64) - 1).to_numpy()
    return interval(_share(float(found.sum()), len(found)), targets["episode_id"].n_unique(), _ratio(of, found))


def _ratio(of: npt.NDArray[np.int64], found: Floats) -> Callable[[Floats], float]:
    return lambda drawn: _share(float((drawn[of] * found).sum()), float(drawn[of].sum()))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _archetypes(targets: pl.DataFrame, outcome: Outcome) -> tuple[ArchetypeLine, ...]:
    pairs = targets.select("episode_id", "actor").iter_rows()
    hit = pl.Series("hit", [pair in outcome.found for pair in pairs], dtype=pl.Boolean)
    groups = targets.with_columns(hit).group_by("archetype").agg(pl.len(), found=pl.col("hit").sum())
    lines = (ArchetypeLine(a, n, found, _share(found, n)) for a, n, found in groups.sort("archetype").iter_rows())
    return tuple(sorted(lines, key=lambda line: (line.recall, line.archetype)))


def _groups(targets: pl.DataFrame, outcome: Outcome) -> tuple[GroupLine, ...]:
    pairs = targets.select("episode_id", "actor").iter_rows()
    hit = pl.Series("hit", [pair in outcome.found for pair in pairs], dtype=pl.Boolean)
    low, high = STEALTH_LIMITS
    level = pl.when(pl.col("stealth") < low).then(pl.lit("open")).when(pl.col("stealth") < high)
    stealth = level.then(pl.lit("middling")).otherwise(pl.lit("careful"))
    told = targets.with_columns(hit, stealth=stealth)
    lines = []
    for kind in ("stealth", "section"):
        groups = told.group_by(kind).agg(pl.len(), found=pl.col("hit").sum()).sort(kind)
        lines += [GroupLine(kind, name, n, found, _share(found, n)) for name, n, found in groups.iter_rows()]
    return tuple(lines)


def _before_victim(rows: pl.DataFrame, outcome: Outcome) -> tuple[VictimLine, ...]:
    first_found: dict[str, date] = {}
    for (episode, _), day in outcome.found.items():
        first_found[episode] = min(day, first_found.get(episode, day))
    harmed = rows.filter("misuse", pl.col("resident").is_not_null()).group_by("episode_id", "resident")
    days = harmed.agg(day=pl.col("at").min().dt.date()).sort("episode_id", "day")
    by_episode = days.group_by("episode_id", maintain_order=True).agg("day").iter_rows()
    harm: list[tuple[str, list[date]]] = list(by_episode)
    lines = []
    for count in VICTIM_COUNTS:
        late = [(episode, order[count - 1]) for episode, order in harm if len(order) >= count]
        found = sum(1 for episode, day in late if episode in first_found and first_found[episode] < day)
        lines.append(VictimLine(count, len(late), found, _share(found, len(late))))
    return tuple(line for line in lines if line.episodes)


def _explained(rows: pl.DataFrame) -> Explained:
    looks = rows.filter(pl.col("resident").is_not_null())
    first = looks.filter(pl.col("at") == pl.col("at").min().over("actor", "resident"))
    parts = (looks, first, looks.filter("misuse"))
    return Explained(*(_share(int(part["explained"].sum()), part.height) for part in parts))


def _area(lines: tuple[BudgetLine, ...]) -> float:
    """Area under recall over budget, the largest budget being 1; no review finds nothing."""
    budgets = np.array([0, *(line.per_day for line in lines)], dtype=np.float64)
    recalls = np.array([0.0, *(line.recall.value for line in lines)])
    return float(np.trapezoid(recalls, budgets / budgets[-1]))


def _curve(points: metrics.Thresholds) -> tuple[tuple[float, float], ...]:
    """Points where recall rises, at most `CURVE_POINTS`, spread over recall; the first begins at recall 0."""
    recall, precision = points.recall, points.precision
    rising = np.flatnonzero(np.diff(recall, prepend=0.0) > 0)
    chosen = (
        rising[np.unique(np.linspace(0, len(rising) - 1, CURVE_POINTS).astype(np.int64))] if len(rising) else rising
    )
    start = [(0.0, float(precision[chosen[0]]))] if len(chosen) else []
    return (*start, *((float(recall[i]), float(precision[i])) for i in chosen))
