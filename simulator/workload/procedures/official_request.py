"""Requests of police, courts and other offices (官公署の公用請求).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="official_request",
    title_ja="官公署の公用請求",
    title_en="requests of police, courts and other offices",
    purpose="public_request",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.4), Act("issue", "certificate", 0.75, "glance")),
    searches=BY_PLACE,
    source=Comers(42, Season(counter=False), hours=None),
    prefix="KY",
)
