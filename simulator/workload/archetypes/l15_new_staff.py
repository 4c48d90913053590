"""L15 new staff: somebody hired this month searches twice, opens the wrong record, lets the session time out.

Lawful, and shaped like trying things out on real people (M16).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: up to this many `days` after the first day of work."""

    days: int = 60


def _marks(seen: Evidence, p: Params) -> Flags:
    hired = seen.by_staff("hired_on").to_physical().cast(pl.Int64).to_numpy()
    return np.asarray((seen.day >= hired) & (seen.day < hired + p.days))


ARCHETYPE = Archetype(
    name="L15",
    title_ja="新任職員の不慣れな操作",
    title_en="new staff who are slow and try again",
    looks=__doc__,
    signals=("hired lately", "searches repeated"),
    sources=("domain.md 4.4: slow and odd behaviour of new staff (general practice; ASSUMED rate)",),
    params=Params,
    marks=_marks,
    told_by="staff",
    rank=48,
)
