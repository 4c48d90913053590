"""Seal certificate (印鑑登録証明書の交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BRANCHES, BY_PERSON, FIND, ISSUE, Arrivals, Procedure, comers
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 330 * volume, stream)


PROCEDURE = Procedure(
    name="seal_certificate",
    title_ja="印鑑登録証明書の交付",
    title_en="seal certificate",
    purpose="seal_registration",
    system="MUNI",
    sections=(("citizen", 20), *BRANCHES),
    acts=(*FIND, ISSUE),
    searches=BY_PERSON,
    arrivals=_arrivals,
    numbered=True,
)
