"""Nursery places (保育所の入所).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK, Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(
        town, 90 * volume, stream, Season((12, 12, 10, 6, 5, 5, 5, 5, 6, 14, 20, 12)), ages=(0, 6), hours=DESK
    )


PROCEDURE = Procedure(
    name="nursery",
    title_ja="保育所の入所",
    title_en="nursery places",
    purpose="nursery",
    system="CHILD",
    sections=(("child", 1),),
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
