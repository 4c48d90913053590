"""Tax certificate (課税証明書の交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, ISSUE, Arrivals, Procedure, comers
from simulator.workload.rhythm import Season
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 260 * volume, stream, Season((4, 5, 7, 5, 5, 14, 10, 5, 4, 4, 4, 4)))


PROCEDURE = Procedure(
    name="tax_certificate",
    title_ja="課税証明書の交付",
    title_en="tax certificate",
    purpose="tax_certificate",
    system="TAX",
    sections=(("income_tax", 20), *BRANCHES),
    acts=(*FIND, ISSUE),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
