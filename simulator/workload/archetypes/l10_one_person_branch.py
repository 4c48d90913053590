"""L10 one-person branch: a branch office in which one person does everything, unseen by colleagues.

Lawful, and shaped like work in others' absence (M18): nobody else is there, every purpose is one's own.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence
from simulator.workload.sections import BRANCH_SECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


def _marks(seen: Evidence, p: Params) -> Flags:
    on_duty = seen.office.shifts.group_by("section", "day").agg(people=pl.col("staff_no").n_unique())
    cases = seen.plan.cases.select("section", day=pl.col("opened").dt.date())
    counted = cases.join(on_duty, on=["section", "day"], how="left", maintain_order="left")
    branch = counted["section"].is_in(BRANCH_SECTIONS)
    del p
    return np.asarray((branch & (counted["people"] == 1).fill_null(value=False)).to_numpy())


ARCHETYPE = Archetype(
    name="L10",
    title_ja="一人勤務の支所",
    title_en="a branch office with one person on duty",
    looks=__doc__,
    signals=("nobody else on duty",),
    sources=("支所・出張所 with one or two clerks (general practice; ASSUMED rate)",),
    params=Params,
    marks=_marks,
    told_by="staff",
    rank=46,
)
