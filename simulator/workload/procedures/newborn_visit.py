"""Visit to newborn children (新生児訪問).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, SEARCH, VIEW, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="newborn_visit",
    title_ja="新生児訪問",
    title_en="visit to newborn children",
    purpose="public_health",
    system="WELFARE",
    section="health",
    acts=(SEARCH, VIEW, Act("view", "household", 0.9)),
    searches=BY_PERSON,
    source=Changed(("出生",), 0.95, after_days=40, hours=None),
    prefix="KV",
    keeper=True,
)
