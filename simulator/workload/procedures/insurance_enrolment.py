"""Health insurance enrolment (国保の資格得喪).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, HOUSEHOLD, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 300 * volume, stream, Season((6, 6, 10, 16, 8, 7, 9, 6, 6, 7, 6, 6)))


PROCEDURE = Procedure(
    name="insurance_enrolment",
    title_ja="国保の資格得喪",
    title_en="health insurance enrolment",
    purpose="health_insurance",
    system="KOKUHO",
    sections=(("insurance", 12), *BRANCHES),
    acts=(*FIND, HOUSEHOLD, Act("update", "change", 0.7, "work")),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
