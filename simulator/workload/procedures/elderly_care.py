"""Long-term care assessment (介護保険の認定・相談).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Arrivals, Procedure, comers
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 300 * volume, stream, ages=(65, 110))


PROCEDURE = Procedure(
    name="elderly_care",
    title_ja="介護保険の認定・相談",
    title_en="long-term care assessment",
    purpose="elderly_care",
    system="WELFARE",
    sections=(("elderly", 1),),
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
