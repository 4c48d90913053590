"""Lifts and areas with intervals that count episodes, not events."""

from dataclasses import dataclass

import numpy as np
import polars as pl

BINS = 10
Floats = np.ndarray


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its interval."""

    value: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half its width."""
        return (self.high - self.low) / 2


def binned(values: Floats, edges_from: Floats) -> np.ndarray:
    """Each of `values` in one of up to BINS bins with about as many of `edges_from` in each.

    Few values, such as weekdays, get a bin each.
    """
    distinct = np.unique(edges_from)
    if len(distinct) <= 2 * BINS:
        return np.searchsorted(distinct, values)
    edges = np.unique(np.quantile(edges_from, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.searchsorted(edges, values, side="right")


def lift(share: float, lawful: float, error: float, freedom: float, tests: int) -> Interval:
    """How many times as much misuse as lawful work falls on a bin, at 95 % over `tests` bins (Bonferroni)."""
    from scipy import special  # noqa: PLC0415 - only a gate needs it

    reach = float(special.stdtrit(max(1, freedom), 1 - 0.05 / tests / 2)) * error
    return Interval(share / lawful, max(0.0, share - reach) / lawful, (share + reach) / lawful)


def clustered(inside: np.ndarray, unit: np.ndarray) -> tuple[float, float, int, float]:
    """Share of misuse events inside a bin, its standard error by units, how many there are, and how many count.

    Where one unit has most of the events, hardly more than one counts: the square of their sum over that of their
    squares. Source: Kish 1965, Survey Sampling, 8.2; for clusters Carter, Schnepel, Steigerwald 2017 (Review of
    Economics and Statistics 99:698-709), who show that intervals by the plain number are too narrow then.
    """
    _, group, size = np.unique(unit, return_inverse=True, return_counts=True)
    share = float(inside.mean())
    sums = np.bincount(group, weights=inside.astype(float)) - share * size
    count = len(size)
    variance = float((sums**2).sum()) / len(inside) ** 2 * count / max(1, count - 1)
    # An empty or full bin has no variance of its own: one more episode of mean size may have fallen otherwise.
    least = (float(size.mean()) / len(inside)) ** 2 * share * (1 - share) if 0 < share < 1 else 0.0
    return share, float(np.sqrt(max(variance, least))), count, len(inside) ** 2 / float((size**2).sum())


def area(score: Floats, bad: np.ndarray) -> float:
    """Area under the ROC curve, ties for half."""
    if np.isnan(score).any():
        return float("nan")
    ranks = pl.Series(score).rank("average").to_numpy()
    n, m = int(bad.sum()), int((~bad).sum())
    return float((ranks[bad].sum() - n * (n + 1) / 2) / (n * m)) if n and m else 0.5


def precision_by_level(level: np.ndarray, bad: np.ndarray, group: np.ndarray, rounds: int = 200) -> Interval:
    """`precision` where scores are a few levels, with a 95 % interval over resampled groups; deterministic.

    Args:
        level: of each event, whole numbers from 0, the highest the most suspicious, shape ``(n,)``.
        bad: whether each is misuse.
        group: what is drawn together.
        rounds: how often groups are drawn.
    """
    names, place = np.unique(group, return_inverse=True)
    levels = int(level.max()) + 1
    cell = place * levels + (levels - 1 - level)
    shape = len(names), levels
    events = np.bincount(cell, minlength=shape[0] * levels).reshape(shape).astype(float)
    misuse = np.bincount(cell[bad], minlength=shape[0] * levels).reshape(shape).astype(float)

    def measure(times: Floats) -> float:
        """What it is if each group is there so many `times`."""
        there, hit = times @ events, times @ misuse
        ends, found = np.cumsum(there[there > 0]), np.cumsum(hit[there > 0])
        gained = np.diff(np.concatenate(([0], found)))
        return float((gained * found / ends).sum() / max(1, found[-1]))

    drawn = (np.bincount(d, minlength=len(names)).astype(float) for d in _drawn(rounds, len(names)))
    low, high = np.quantile([measure(times) for times in drawn], [0.025, 0.975])
    return Interval(measure(np.ones(len(names))), float(low), float(high))


def precision(score: Floats, bad: np.ndarray) -> float:
    """Average precision, ties taken together."""
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    found = np.cumsum(bad[order])[ends]
    gained = np.diff(np.concatenate(([0], found)))
    return float((gained * found / (ends + 1)).sum() / max(1, bad.sum()))


def resampled(score: Floats, bad: np.ndarray, group: np.ndarray, measure: object, rounds: int = 200) -> Interval:
    """`measure` of `score` with a 95 % interval over resampled groups; deterministic."""
    assert callable(measure)  # noqa: S101 - a function of score and bad
    names, place = np.unique(group, return_inverse=True)
    order, size = np.argsort(place, kind="stable"), np.bincount(place)
    score_, bad_, start = score[order], bad[order], np.cumsum(size) - size
    drawn = (_rows(start[d], size[d]) for d in _drawn(rounds, len(names)))
    values = [measure(score_[chosen], bad_[chosen]) for chosen in drawn]
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(measure(score, bad)), float(low), float(high))


def _drawn(rounds: int, groups: int) -> np.ndarray:
    """So many draws of as many groups as there are, shape ``(rounds, groups)``."""
    words = np.random.Philox(key=17).random_raw(rounds * groups).reshape(rounds, groups)
    return np.asarray((words % np.uint64(groups)).astype(np.int64))


def _rows(start: np.ndarray, size: np.ndarray) -> np.ndarray:
    """The rows of groups that begin at `start` and have `size` rows each, one group after the other."""
    before = np.cumsum(size) - size
    return np.asarray(np.repeat(start - before, size) + np.arange(int(size.sum())))
