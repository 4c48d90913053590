"""Written enquiry from another section (庁内文書照会).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PLACE, FIND, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 12 * volume, stream, hours=DESK)


PROCEDURE = Procedure(
    name="inter_section_enquiry",
    title_ja="庁内文書照会",
    title_en="written enquiry from another section",
    purpose="property_tax",
    system="TAX",
    sections=(("property_tax", 1),),
    acts=(*FIND, Act("view", "household", 0.35)),
    searches=BY_PLACE,
    arrivals=_arrivals,
    numbered=False,
)
