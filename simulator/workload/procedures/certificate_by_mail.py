"""Certificate asked for by mail (住民票の郵送請求).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="certificate_by_mail",
    title_ja="住民票の郵送請求",
    title_en="certificate asked for by mail",
    purpose="resident_certificate",
    system="MUNI",
    section="citizen",
    acts=(
        *FIND,
        Act("view", "household", 0.3),
        Act("view", "removed", 0.25),
        Act("issue", "certificate", 0.93, "glance"),
    ),
    searches=BY_PLACE,
    source=Comers(55, Season(counter=False), hours=None),
    prefix="JY",
)
