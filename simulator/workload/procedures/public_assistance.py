"""Public assistance (生活保護の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 150 * volume, stream, hours=DESK)


PROCEDURE = Procedure(
    name="public_assistance",
    title_ja="生活保護の調査",
    title_en="public assistance",
    purpose="public_assistance",
    system="WELFARE",
    sections=(("assistance", 1),),
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.3)),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=False,
)
