"""L01 same surname: the resident bears the surname of the clerk, and is no kin.

Lawful, and shaped like a look at one's own family (M04): in a town with few surnames it happens every day.
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
    names = seen.town.residents["family_name"].gather(seen.resident)
    same = (names == seen.by_staff("family_name")).to_numpy()
    own = seen.by_staff("resident_no").cast(pl.Int64).fill_null(-1).to_numpy()
    kin = (seen.plan.folk.kin[seen.resident] == own[:, None]).any(axis=1)
    home = (seen.plan.folk.members[seen.resident] == own[:, None]).any(axis=1)
    del p
    return np.asarray(same & ~kin & ~home & (seen.resident != own))


ARCHETYPE = Archetype(
    name="L01",
    title_ja="同姓の住民への対応",
    title_en="a resident who bears the clerk's surname",
    looks=__doc__,
    signals=("actor and resident share a surname",),
    sources=(
        "Minnesota FY2012: a quarter of users searched their own surname (Office of the Legislative Auditor)",
        "domain.md 6.3: the ten commonest surnames are borne by a tenth of the people",
    ),
    params=Params,
    marks=_marks,
    rank=40,
)
