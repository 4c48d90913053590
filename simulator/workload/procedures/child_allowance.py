"""Child allowance (児童手当).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, HOUSEHOLD, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 150 * volume, stream, Season((6, 6, 10, 12, 7, 14, 8, 6, 6, 8, 6, 6)), ages=(25, 50))


PROCEDURE = Procedure(
    name="child_allowance",
    title_ja="児童手当",
    title_en="child allowance",
    purpose="child_allowance",
    system="CHILD",
    sections=(("child", 8), *BRANCHES),
    acts=(*FIND, HOUSEHOLD, Act("update", "change", 0.5, "work")),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
