"""School register (学齢簿・転校).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK, Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 70 * volume, stream, Season((14, 8, 18, 14, 4, 3, 4, 8, 6, 16, 6, 4)), ages=(5, 15), hours=DESK)


PROCEDURE = Procedure(
    name="school_register",
    title_ja="学齢簿・転校",
    title_en="school register",
    purpose="school_register",
    system="CHILD",
    sections=(("school", 1),),
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=False,
)
