"""Insurance and pension after a death (死亡後の国保・年金の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, UPDATE, Arrivals, Procedure, changed
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    del volume
    return changed(town, ("死亡",), 0.9, stream, after_days=21)


PROCEDURE = Procedure(
    name="after_death_insurance",
    title_ja="死亡後の国保・年金の手続",
    title_en="insurance and pension after a death",
    purpose="health_insurance",
    system="KOKUHO",
    sections=(("insurance", 1),),
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
