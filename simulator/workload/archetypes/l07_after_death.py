"""L07 after a death: section after section opens the record of one who has died.

Lawful, and shaped like a crowd (M12): several actors of several sections, one resident, within weeks. Every one of
them has a case.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: the case counts as a look-alike from this many `actors` on."""

    actors: int = 3


def _marks(seen: Evidence, p: Params) -> Flags:
    mine = seen.plan.cases["procedure"].str.starts_with("after_death") | (
        seen.plan.cases["procedure"] == "birth_death_notice"
    )
    people = seen.plan.cases.with_columns(who=pl.when(mine).then("staff_no"))
    many = people.select(pl.col("who").drop_nulls().n_unique().over("resident_no")).to_series().to_numpy()
    return np.asarray(many >= p.actors)


ARCHETYPE = Archetype(
    name="L07",
    title_ja="死亡後の各課手続",
    title_en="procedures of many sections after a death",
    looks=__doc__,
    signals=("many actors on one resident",),
    sources=(
        "死亡後の手続: five to eight sections of a municipality each open the record (general practice; ASSUMED rate)",
    ),
    params=Params,
    procedures=(
        "birth_death_notice",
        "after_death_insurance",
        "after_death_late_elderly",
        "after_death_pension",
        "after_death_care",
        "after_death_disability",
        "after_death_child",
        "after_death_property",
        "after_death_water",
    ),
    marks=_marks,
    rank=20,
)
