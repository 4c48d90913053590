"""Notices of birth and death (出生届・死亡届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Arrivals, Procedure, changed
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return changed(town, ("出生", "死亡"), min(volume, 3.0), stream)


PROCEDURE = Procedure(
    name="birth_death_notice",
    title_ja="出生届・死亡届",
    title_en="notices of birth and death",
    purpose="family_register",
    system="MUNI",
    sections=(("citizen", 30), *BRANCHES),
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
