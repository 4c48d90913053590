"""Tracing of property owners (固定資産所有者の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="property_owner",
    title_ja="固定資産所有者の調査",
    title_en="tracing of property owners",
    purpose="property_tax",
    system="TAX",
    section="property_tax",
    acts=(*FIND, Act("view", "household", 0.35), Act("view", "history", 0.2)),
    searches=BY_PLACE,
    source=Comers(165, Season((12, 12, 12, 16, 14, 8, 5, 4, 4, 4, 5, 5), counter=False), ages=(25, 110), hours=None),
    prefix="SO",
)
