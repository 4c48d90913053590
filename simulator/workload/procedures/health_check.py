"""Health checks and vaccination (健診・予防接種の案内).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, LIST, RETRY, SEARCH, VIEW, WRONG, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="health_check",
    title_ja="健診・予防接種の案内",
    title_en="health checks and vaccination",
    purpose="public_health",
    system="WELFARE",
    section="health",
    acts=(SEARCH, RETRY, LIST, WRONG, VIEW, Act("view", "household", 0.25)),
    searches=BY_PERSON,
    source=Comers(55, Season((4, 4, 6, 10, 12, 12, 8, 6, 10, 14, 10, 4), counter=False), ages=(0, 110), hours=None),
    prefix="KN",
)
