"""L18 audit sampling: auditors look at who opened the records of people drawn by lot.

Lawful, and shaped like the privileged observer (M17): no application, no case, names without connection.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L18",
    title_ja="監査の抽出点検",
    title_en="auditors' own sampling",
    looks=__doc__,
    signals=("no case", "audit purpose"),
    sources=("domain.md 3.5: monthly random samples",),
    params=Params,
    procedures=("log_sampling", "system_check"),
    told_by="staff",
    rank=16,
)
