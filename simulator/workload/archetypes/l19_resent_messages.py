"""L19 resent messages: at night a machine account opens record after record within seconds.

Lawful, and shaped like bulk copying by maintenance staff (M11).
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L19",
    title_ja="住基ネットの再送",
    title_en="messages sent again to the network",
    looks=__doc__,
    signals=("out of hours", "machine account"),
    sources=("CS と全国サーバの整合 (domain.md 1.1, 4.4); ASSUMED rate",),
    params=Params,
    procedures=("resend_message",),
    told_by="staff",
    rank=57,
)
