"""Notice of moving out (転出届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Arrivals, Procedure, changed
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return changed(town, ("転出", "国外転出"), min(volume, 3.0), stream)


PROCEDURE = Procedure(
    name="move_out",
    title_ja="転出届",
    title_en="notice of moving out",
    purpose="resident_change",
    system="MUNI",
    sections=(("citizen", 30), *BRANCHES),
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
