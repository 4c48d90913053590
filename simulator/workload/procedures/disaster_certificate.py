"""Certificates after a disaster (罹災証明).

Water comes in September: within three weeks one district is looked up house by house.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_HOUSE, SEARCHED, VIEW, Act, Procedure
from simulator.workload.sources import Burst

PROCEDURE = Procedure(
    name="disaster_certificate",
    title_ja="罹災証明",
    title_en="certificates after a disaster",
    purpose="disaster",
    system="MUNI",
    section="disaster",
    acts=(
        Act("search", "search", 1.0, "glance", SEARCHED),
        Act("list", "candidates", 0.7, "glance", SEARCHED),
        VIEW,
        Act("view", "household", 0.8),
    ),
    searches=BY_HOUSE,
    source=Burst(3.0),
    prefix="BS",
)
