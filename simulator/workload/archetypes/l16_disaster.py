"""L16 disaster: within weeks a whole district is looked up, house by house, by people of one section.

Lawful, and shaped like the choice of targets by place (M08) or a crowd (M12).
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L16",
    title_ja="罹災証明の集中",
    title_en="certificates after a disaster",
    looks=__doc__,
    signals=("many residents of one district",),
    sources=("罹災証明 (災害対策基本法90条の2); ASSUMED rate",),
    params=Params,
    procedures=("disaster_certificate",),
    rank=15,
)
