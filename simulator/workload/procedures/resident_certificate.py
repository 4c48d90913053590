"""Certificate of residence (住民票の写しの交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, HOUSEHOLD, ISSUE, Arrivals, Procedure, comers
from simulator.workload.rhythm import Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 620 * volume, stream, Season(moves=True))


PROCEDURE = Procedure(
    name="resident_certificate",
    title_ja="住民票の写しの交付",
    title_en="certificate of residence",
    purpose="resident_certificate",
    system="MUNI",
    sections=(("citizen", 20), *BRANCHES),
    acts=(*FIND, HOUSEHOLD, ISSUE),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
