"""L05 estate chain: one clerk opens twenty to sixty records of one family within months.

Lawful, and shaped like a look at one's own family (M04) or a search for a list (M07): widow, children, where they went.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L05",
    title_ja="相続人調査の連鎖",
    title_en="an estate and its heirs",
    looks=__doc__,
    signals=("many records of one family", "national search"),
    sources=("固定資産税の現所有者調査 (地方税法384条の3); ASSUMED rate",),
    params=Params,
    procedures=("estate_heirs",),
    rank=12,
)
