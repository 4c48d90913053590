"""L06 protection renewed: the record of a protected person is opened, and what protects it is changed.

Lawful, and shaped like the search for somebody in hiding (M09): the alert shows, the reason is the person's own.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L06",
    title_ja="支援措置の更新",
    title_en="a protection measure is renewed",
    looks=__doc__,
    signals=("protected record opened",),
    sources=("支援措置 holds for a year and is renewed (domain.md 1.3)",),
    params=Params,
    procedures=("protection_renewal",),
    rank=13,
)
