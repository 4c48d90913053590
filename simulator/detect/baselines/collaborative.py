"""Collaborative filtering: operators who share less with a household's other operators than chance would have it.

Operators are placed by the leading eigenvectors of their shared households. What an operator does on one day is judged
by the other days: the place comes from the households of those, this one left out, folded in among the eigenvectors.
The score is the log-odds against popularity: what two operators as busy as these share if households fall to them at
random, over what the places predict. So whoever shares little with anybody is not odd everywhere, and one night among
strangers does not make them familiar. A household that no other operator meets predicts nothing: its odds are even.
Source: Menon et al. 2014, Detecting inappropriate access to electronic health records using collaborative filtering
(Machine Learning 95:87-101), latent factors of staff and patients; the truncated decomposition of who met whom here is
the plainest member of that family, without labels. Folding in: Sarwar et al. 2002, Incremental SVD-based algorithms for
highly scalable recommender systems (ICCIT).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.detect.contract import Baseline
from simulator.detect.pairs import Affinities, Floats, affinities
from simulator.detect.view import AuditorView

ASSUMED_FACTORS = 16
ASSUMED_PRIOR = 30.0
"""Shared households added on both sides of the odds, so that small numbers stay near even."""
_KEYS = ["actor", "item"]
_VISIT = [*_KEYS, "day"]
_LOWEST = -1e6


@dataclass(frozen=True, slots=True)
class Collaborative:
    """Scores the log-odds of chance over the places; events without a household score lowest."""

    def score(self, view: AuditorView) -> pl.DataFrame:
        """Score every event."""
        day = pl.col("at").dt.date()
        events = view.table("event").select("event_id", "actor", item="household", day=day)
        visits = events.drop_nulls("item").select(_VISIT).unique()
        scored = events.join(_odds(visits), on=_VISIT, how="left")
        return scored.select("event_id", pl.col("score").fill_null(_LOWEST)).sort("event_id")


def _odds(visits: pl.DataFrame) -> pl.DataFrame:
    """`visits` (``actor``, ``item``, ``day``; each once) with ``score``."""
    found = affinities(visits.select(_KEYS).unique())
    placed = visits.join(found.pairs.with_row_index("pair"), on=_KEYS)
    chance, told = (np.log(share + ASSUMED_PRIOR) for share in (_expected(found, placed), _predicted(found, placed)))
    return placed.select(*_VISIT, score=pl.Series(np.round(chance - told, 6)))


def _expected(found: Affinities, placed: pl.DataFrame) -> Floats:
    """What the operator of each visit shares with the household's others if all share as much as they do, at random."""
    load = found.shared.sum(axis=1) - np.diag(found.shared)
    others = _others(found, load[:, None])[placed["pair"].to_numpy(), 0]
    share: Floats = load[placed["row"].to_numpy()] * others / max(load.sum(), 1.0)
    return share


def _predicted(found: Affinities, placed: pl.DataFrame) -> Floats:
    """What the operator of each visit shares with the household's others by their places, its own of other days."""
    values, vectors = np.linalg.eigh(found.shared)
    others = _others(found, vectors[:, np.argsort(-values, kind="stable")[:ASSUMED_FACTORS]])
    given = found.pairs["weight"].to_numpy()[:, None] * others
    places = _of_other_days(found, placed, given)
    share: Floats = np.einsum("ij,ij->i", places, others[placed["pair"].to_numpy()])
    return np.maximum(share, 0.0)


def _of_other_days(found: Affinities, placed: pl.DataFrame, given: Floats) -> Floats:
    """The place of each visit's operator: all that its pairs have `given`, less this one and those of this day only."""
    numbered = {"once": pl.len().over("pair") == 1, "day": pl.struct("row", "day").rank("dense") - 1}
    row, pair, once, day = (column.to_numpy() for column in placed.select("row", "pair", **numbered))
    only = given[pair] * once[:, None]
    whole = _sums(found.pairs["row"].to_numpy(), given)[row]
    rest: Floats = whole - _sums(day, only)[day] - (given[pair] - only)
    return rest


def _others(found: Affinities, of_operator: Floats) -> Floats:
    """The sum of `of_operator` over the other operators of each pair's household, shape ``(n_pairs, n_columns)``."""
    row, column = (found.pairs[name].to_numpy() for name in ("row", "column"))
    others: Floats = _sums(column, of_operator[row])[column] - of_operator[row]
    return others


def _sums(of: npt.NDArray[np.integer], values: Floats) -> Floats:
    """The sum of the rows `values` of each number in `of`, shape ``(max(of) + 1, n_columns)``."""
    sums = np.zeros((int(of.max(initial=0)) + 1, values.shape[1]))
    np.add.at(sums, of, values)
    return sums


DETECTOR = Baseline(
    name="collaborative",
    title_ja="協調フィルタリング（操作者と世帯の組）",
    title_en="Collaborative filtering on operator and household",
    finds="a household that other operators work on, with whom this operator shares next to nothing",
    misses="neighbours who are also ordinary customers, households that nobody else works on",
    tables=("event",),
    code="B4",
    make=Collaborative,
)
