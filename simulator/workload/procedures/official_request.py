"""Requests of police and lawyers by mail (警察・弁護士等の請求（郵送）).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.streams import Stream
from simulator.workload.procedure import BY_PLACE, FIND, HOUSEHOLD, Act, Arrivals, Procedure, comers
from simulator.workload.rhythm import DESK
from simulator.workload.town import Town


def _arrivals(town: Town, volume: float, stream: Stream) -> Arrivals:
    return comers(town, 75 * volume, stream, hours=DESK)


PROCEDURE = Procedure(
    name="official_request",
    title_ja="警察・弁護士等の請求（郵送）",
    title_en="requests of police and lawyers by mail",
    purpose="public_request",
    system="MUNI",
    sections=(("citizen", 1),),
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.4), Act("issue", "certificate", 0.75, "glance")),
    searches=BY_PLACE,
    arrivals=_arrivals,
    numbered=True,
)
