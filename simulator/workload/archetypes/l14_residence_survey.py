"""L14 residence survey: the record of one who may not live there is opened again and again, with its neighbours.

Lawful, and shaped like stalking by a neighbour (M02, M03): the same house, several times, without any application.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L14",
    title_ja="居住実態調査",
    title_en="survey of who really lives there",
    looks=__doc__,
    signals=("one actor returns to one house",),
    sources=("職権消除のための実態調査 (住民基本台帳法34条); ASSUMED rate",),
    params=Params,
    procedures=("residence_survey",),
    rank=14,
)
