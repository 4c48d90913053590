"""Property tax after a death (死亡後の納税義務者の変更).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PLACE, FIND, HOUSEHOLD, Act, Arrivals, Procedure, changed
from simulator.workload.rhythm import DESK
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    del volume
    return changed(town, ("死亡",), 1.6, stream, after_days=60, hours=DESK)


PROCEDURE = Procedure(
    name="after_death_property",
    title_ja="死亡後の納税義務者の変更",
    title_en="property tax after a death",
    purpose="property_tax",
    system="TAX",
    sections=(("property_tax", 1),),
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.5)),
    searches=BY_PLACE,
    arrivals=_arrivals,
    numbered=False,
)
