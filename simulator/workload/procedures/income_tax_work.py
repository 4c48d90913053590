"""Income tax assessment (市民税の賦課調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK, Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 420 * volume, stream, Season((14, 20, 22, 16, 12, 6, 3, 2, 2, 2, 2, 4)), hours=DESK)


PROCEDURE = Procedure(
    name="income_tax_work",
    title_ja="市民税の賦課調査",
    title_en="income tax assessment",
    purpose="income_tax",
    system="TAX",
    sections=(("income_tax", 1),),
    acts=(*FIND, HOUSEHOLD, Act("unmask", "numbers", 0.1, "glance")),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=False,
)
