"""L03 household shown: the household of the resident is shown, and with it people who have no business here.

Lawful, and shaped like a look at somebody's family (M04): the screen shows them unasked.
"""

from dataclasses import dataclass

import numpy as np

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: `members` of the household at least."""

    members: int = 6


def _marks(seen: Evidence, p: Params) -> Flags:
    household = seen.town.residents["household_no"]
    size = np.bincount(household.to_numpy())[household.to_numpy()]
    return np.asarray(seen.has(screen="household") & (size[seen.resident] >= p.members))


ARCHETYPE = Archetype(
    name="L03",
    title_ja="世帯全員の表示",
    title_en="a large household is shown whole",
    looks=__doc__,
    signals=("residents shown who have no case",),
    sources=("Estonia 2017: systems fetched relatives, thousands of accesses without explanation (ERR News)",),
    params=Params,
    marks=_marks,
    rank=62,
)
