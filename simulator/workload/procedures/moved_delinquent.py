"""Tracing of delinquents who moved away (転出滞納者の住所調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_CODE, SEARCHED, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="moved_delinquent",
    title_ja="転出滞納者の住所調査",
    title_en="tracing of delinquents who moved away",
    purpose="tax_collection",
    system="JUKI",
    section="collection",
    acts=(
        Act("search", "national", 1.0, "glance", SEARCHED),
        Act("view", "national", 1.0, "read"),
        Act("view", "history", 0.5),
    ),
    searches=BY_CODE,
    source=Comers(9, Season(counter=False), ages=(20, 85), hours=None, who="moved", turns=3, every_days=75, again=0.6),
    prefix="NT",
    keeper=True,
)
