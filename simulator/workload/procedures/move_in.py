"""Notice of moving in (転入届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Act, Arrivals, Procedure, changed
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return changed(town, ("転入", "国外転入"), min(volume, 3.0), stream)


PROCEDURE = Procedure(
    name="move_in",
    title_ja="転入届",
    title_en="notice of moving in",
    purpose="resident_change",
    system="MUNI",
    sections=(("citizen", 30), *BRANCHES),
    acts=(*FIND, HOUSEHOLD, UPDATE, Act("issue", "certificate", 0.5, "glance")),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
