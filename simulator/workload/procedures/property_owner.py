"""Tracing of property owners (固定資産所有者の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PLACE, FIND, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK, Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(
        town, 430 * volume, stream, Season((12, 12, 12, 16, 14, 8, 5, 4, 4, 4, 5, 5)), ages=(25, 110), hours=DESK
    )


PROCEDURE = Procedure(
    name="property_owner",
    title_ja="固定資産所有者の調査",
    title_en="tracing of property owners",
    purpose="property_tax",
    system="TAX",
    sections=(("property_tax", 1),),
    acts=(*FIND, Act("view", "household", 0.35), Act("view", "history", 0.2)),
    searches=BY_PLACE,
    arrivals=_arrivals,
    numbered=False,
)
