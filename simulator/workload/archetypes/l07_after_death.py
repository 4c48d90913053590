"""L07 after a death: section after section opens the record of one who has died.

Lawful, and shaped like a crowd (M12): several actors of several sections, one resident, within weeks. Every one of
them has a case.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: the case counts as a look-alike from this many `actors` on."""

    actors: int = 3


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
    procedures=("birth_death_notice", "after_death_insurance", "after_death_care", "after_death_property"),
)
