"""Columns taken two by two: whether misuse has changed what they tell about one another.

A generator can keep every single column right and still tie two of them together; Sparkov ties month and category.
The reference is the lawful work of the same run: the mutual information of each pair of columns without misuse is held
against that with it.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import polars as pl

from simulator.leaks.columns import LOG_ONLY, Events, ranked
from simulator.leaks.lift import binned
from simulator.leaks.report import FEWEST_EPISODES, Finding

LARGEST_SHIFT = 4.0
"""Bits a misuse event by which misuse may change the mutual information of two columns. ASSUMED: misuse of one dense
town, whose actors sit in few sections, comes to 0.6; two rare values that always stand together come to 6 and more."""
_HOUR = "hour"


def joint(events: Events) -> Iterator[Finding]:
    """The pair of columns whose mutual information misuse has changed most, in bits by the share of misuse."""
    codes = {name: _codes(events, name) for name in (*LOG_ONLY, _HOUR)}
    bad, lawful = ({name: column[rows] for name, column in codes.items()} for rows in (events.bad, ~events.bad))
    pairs = list(combinations(codes, 2))
    shifts = []
    for pair in pairs:
        shape = tuple(int(codes[name].max()) + 1 for name in pair)
        usual = _together(lawful, pair, shape) * float(events.stride)
        shifts.append(abs(_information(usual + _together(bad, pair, shape)) - _information(usual)))
    worst = int(np.argmax(shifts))
    misuse = float(events.bad.sum())
    weight = misuse + float(len(events.bad) - misuse) * events.stride
    shift = shifts[worst] * weight / misuse
    seen = len(set(events.episode[events.bad].tolist())) >= FEWEST_EPISODES
    yield Finding(
        check="joint", what=f"{pairs[worst][0]} and {pairs[worst][1]}, of {len(pairs)} pairs", value=shift, low=shift,
        high=shift, leaks=seen and shift > LARGEST_SHIFT, power=LARGEST_SHIFT if seen else float("inf"),
    )  # fmt: skip


def _codes(events: Events, name: str) -> np.ndarray:
    column = events.frame[name]
    if column.dtype.is_numeric():
        values = column.cast(pl.Float64).fill_null(-1.0).to_numpy()
        return binned(values, values[~events.bad])
    places = ranked(column)
    return (places.fill_null(0) if places.has_nulls() else places - 1).to_numpy().astype(np.int64)


def _together(codes: dict[str, np.ndarray], pair: tuple[str, str], shape: tuple[int, ...]) -> np.ndarray:
    """How many events have each two values of the columns `pair`, of that `shape`."""
    one, other = (codes[name] for name in pair)
    return np.bincount(one * shape[1] + other, minlength=shape[0] * shape[1]).reshape(shape)


def _information(counts: np.ndarray) -> float:
    """Mutual information in bits."""
    table = counts / counts.sum()
    apart = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    there = table > 0
    return float((table[there] * np.log2(table[there] / apart[there])).sum())
