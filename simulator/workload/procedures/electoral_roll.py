"""Electoral roll (選挙人名簿の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK, Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 40 * volume, stream, Season((1, 1, 5, 1, 1, 5, 1, 1, 5, 1, 1, 5)), hours=DESK)


PROCEDURE = Procedure(
    name="electoral_roll",
    title_ja="選挙人名簿の調査",
    title_en="electoral roll",
    purpose="electoral_roll",
    system="MUNI",
    sections=(("electoral", 1),),
    acts=(*FIND,),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=False,
)
