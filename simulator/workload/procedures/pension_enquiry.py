"""National pension (国民年金の届出・相談).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, Act, Arrivals, Procedure, comers
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 130 * volume, stream, ages=(20, 70))


PROCEDURE = Procedure(
    name="pension_enquiry",
    title_ja="国民年金の届出・相談",
    title_en="national pension",
    purpose="pension",
    system="KOKUHO",
    sections=(("insurance", 1),),
    acts=(*FIND, Act("unmask", "numbers", 0.15, "glance")),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
