"""Who works on whom: operators placed by what they share, without a matrix of operators by items."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Affinities:
    """Operators and items.

    Attributes:
        pairs: ``actor``, ``item``, with ``row`` and ``column``, their numbers, and ``weight`` of the item by rarity.
        actors: ``actor``, ``row``.
        shared: how many items two operators share, weighted by rarity, shape ``(n_actors, n_actors)``.
    """

    pairs: pl.DataFrame
    actors: pl.DataFrame
    shared: Floats

    def neighbours(self, count: int) -> pl.DataFrame:
        """``actor``, ``other``: the `count` operators most alike by cosine, ties kept."""
        length = np.sqrt(np.maximum(np.diag(self.shared), 1e-12))
        cosine = self.shared / length[:, None] / length[None, :]
        np.fill_diagonal(cosine, -1.0)
        cosine = np.round(cosine, 9)
        place = min(count, len(cosine)) - 1
        limit = -np.sort(-cosine, axis=1)[:, place : place + 1] if len(cosine) else cosine
        first, second = np.nonzero((cosine >= limit) & (cosine > 0))
        names = self.actors.select("actor", pl.col("row").cast(pl.Int64))
        edges = pl.DataFrame({"row": first, "other_row": second}, schema={"row": pl.Int64, "other_row": pl.Int64})
        others = names.rename({"actor": "other", "row": "other_row"})
        return edges.join(names, on="row").join(others, on="other_row").select("actor", "other")


def affinities(pairs: pl.DataFrame) -> Affinities:
    """The affinities of `pairs` (``actor``, ``item``, each pair once)."""
    actors = pairs.select("actor").unique().sort("actor").with_row_index("row")
    items = (
        pairs.group_by("item").agg(pl.len()).with_row_index("column").with_columns(weight=1 / (1 + pl.col("len").log()))
    )
    numbered = pairs.join(actors, on="actor").join(items.select("item", "column", "weight"), on="item")
    both = numbered.join(numbered.select("column", other="row"), on="column")
    sums = both.group_by("row", "other").agg(pl.col("weight").sum())
    shared = np.zeros((actors.height, actors.height))
    shared[sums["row"].to_numpy(), sums["other"].to_numpy()] = sums["weight"].to_numpy()
    return Affinities(numbered, actors, shared)
