"""Long-term care after a death (死亡後の介護保険の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Arrivals, Procedure, changed
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    del volume
    return changed(town, ("死亡",), 0.8, stream, after_days=21)


PROCEDURE = Procedure(
    name="after_death_care",
    title_ja="死亡後の介護保険の手続",
    title_en="long-term care after a death",
    purpose="elderly_care",
    system="WELFARE",
    sections=(("elderly", 1),),
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
