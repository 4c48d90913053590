"""The headline figures of a scorecard, and their means over seeds."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np
import polars as pl

from simulator.scoring import Scorecard
from simulator.streams import Stream

FIGURES = ("average_precision", "prevalence", "recall_20", "days_to_detection", "lookalikes_20", "suspected_20")
WITH_INTERVAL = ("average_precision", "recall_20")
_NEEDS_MISUSE = ("average_precision", "recall_20")
_REPLICATES = 1000
_STREAM = Stream(0, "/bench/bootstrap")


def figures(card: Scorecard) -> dict[str, float | None]:
    """The headline figures of a card: those of the table, at twenty reviews a day.

    A run without misuse has neither average precision nor recall: null, not 0.
    """
    line = card.budgets[1]
    values = (card.average_precision, card.prevalence, line.recall.value, line.days_to_detection, line.lookalike_rate,
              float(line.suspected))  # fmt: skip
    told = dict(zip(FIGURES, values, strict=True))
    return told if card.misuse else {**told, **dict.fromkeys(_NEEDS_MISUSE)}


def table(rows: pl.DataFrame) -> list[dict[str, str | float | int | None]]:
    """Means over seeds with 95 % intervals of the mean (bootstrap over seeds), the best first.

    ``seeds`` says how many runs there were, ``episodes`` how many episodes of misuse they held together.
    """
    lines = []
    for (where, name), group in rows.group_by("scenario", "detector", maintain_order=True):
        line: dict[str, str | float | int | None] = {
            "scenario": str(where),
            "detector": str(name),
            "seeds": group.height,
            "episodes": int(group["episodes"].sum()),
        }
        for figure in FIGURES:
            line |= _mean(figure, group[figure].drop_nulls().to_list())
        lines.append(line)
    return sorted(lines, key=lambda r: -float(r["average_precision"] or 0))


def _mean(figure: str, values: Sequence[float]) -> dict[str, float | None]:
    told = {figure: round(fmean(values), 4) if values else None}
    if figure not in WITH_INTERVAL:
        return told
    low, high = interval(values) if values else (None, None)
    return {**told, f"{figure}_low": low and round(low, 4), f"{figure}_high": high and round(high, 4)}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of `values`, drawn again with replacement."""
    drawn = _STREAM.below("seed", _REPLICATES * len(values), len(values)).reshape(_REPLICATES, len(values))
    means = np.sort(np.asarray(values)[drawn].mean(axis=1))
    return float(means[int(0.025 * _REPLICATES)]), float(means[int(0.975 * _REPLICATES) - 1])
