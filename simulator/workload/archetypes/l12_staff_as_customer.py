"""L12 staff as customer: a colleague's record is opened because the colleague came with an application.

Lawful, and shaped like curiosity about colleagues (M02, M14): staff are residents too.
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
    own = seen.office.staff["resident_no"].drop_nulls().cast(pl.Int64).to_numpy()
    mine = seen.by_staff("resident_no").cast(pl.Int64).fill_null(-1).to_numpy()
    del p
    return np.asarray(np.isin(seen.resident, own) & (seen.resident != mine))


ARCHETYPE = Archetype(
    name="L12",
    title_ja="職員本人が来庁者である手続",
    title_en="a member of staff who comes as a resident",
    looks=__doc__,
    signals=("resident is a member of staff",),
    sources=("domain.md 4.4: staff members as customers (general practice; ASSUMED rate)",),
    params=Params,
    marks=_marks,
    rank=11,
)
