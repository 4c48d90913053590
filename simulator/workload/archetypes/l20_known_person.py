"""L20 known person: the record of somebody everybody knows is opened, because they came for a certificate.

Lawful, and shaped like a look at a celebrity (M01).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


def _marks(seen: Evidence, p: Params) -> Flags:
    known = seen.town.figures["resident_no"].cast(pl.Int64).to_numpy()
    del p
    return np.isin(seen.resident, known)


ARCHETYPE = Archetype(
    name="L20",
    title_ja="著名人・公職者の正当な手続",
    title_en="a well-known resident with business of their own",
    looks=__doc__,
    signals=("resident is well known",),
    sources=("Machida: 80 accesses to a councillor's record in seven years by five sections (domain.md 3.1)",),
    params=Params,
    marks=_marks,
    rank=10,
)
