"""L09 season overtime: records are opened in the evening, when the counters are closed.

Lawful, and shaped like misuse out of hours (M07): whole tax sections stay late from January to May.
"""

from dataclasses import dataclass

import numpy as np

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: from this `minute` of the day on, in months up to `last_month`."""

    minute: int = 18 * 60
    last_month: int = 5


def _marks(seen: Evidence, p: Params) -> Flags:
    section = seen.plan.cases["section"].is_in(["income_tax", "property_tax"]).to_numpy()
    month = seen.plan.cases["opened"].dt.month().to_numpy()
    return np.asarray(section & (month <= p.last_month) & (seen.minute >= p.minute))


ARCHETYPE = Archetype(
    name="L09",
    title_ja="課税繁忙期の時間外勤務",
    title_en="overtime in the season of tax",
    looks=__doc__,
    signals=("out of hours",),
    sources=("domain.md 3.6: overtime in tax sections January to May",),
    params=Params,
    marks=_marks,
    told_by="staff",
    rank=45,
)
