"""Telephone enquiry without issue (電話照会（交付なし）).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, Arrivals, Procedure, comers
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 160 * volume, stream)


PROCEDURE = Procedure(
    name="phone_enquiry",
    title_ja="電話照会（交付なし）",
    title_en="telephone enquiry without issue",
    purpose="resident_certificate",
    system="MUNI",
    sections=(("citizen", 20), *BRANCHES),
    acts=(*FIND,),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
