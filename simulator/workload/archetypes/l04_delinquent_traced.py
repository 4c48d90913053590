"""L04 delinquent traced: one collector opens the record of one person month after month.

Lawful, and shaped like stalking (M03): the same two people, again and again, to see whether the address has changed.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: from this many `visits` in the window on."""

    visits: int = 4


def _marks(seen: Evidence, p: Params) -> Flags:
    kinds = np.asarray(seen.plan.cases["procedure"].is_in(["collection_tracing", "moved_delinquent"]).to_numpy())
    return np.asarray(seen.count(pl.col("resident_no"), kinds) >= p.visits)


ARCHETYPE = Archetype(
    name="L04",
    title_ja="滞納者の継続調査",
    title_en="a delinquent who is traced again and again",
    looks=__doc__,
    signals=("one actor returns to one resident",),
    sources=("domain.md 4.4: ten times and more over years (general practice; ASSUMED rate)",),
    params=Params,
    procedures=("collection_tracing", "moved_delinquent"),
    marks=_marks,
    rank=30,
)
