"""Survey of who really lives there (居住実態調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_HOUSE, HISTORY, SEARCHED, VIEW, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="residence_survey",
    title_ja="居住実態調査",
    title_en="survey of who really lives there",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(
        Act("search", "search", 1.0, "glance", SEARCHED),
        Act("list", "candidates", 0.9, "read", SEARCHED),
        VIEW,
        Act("view", "household", 0.9),
        Act("view", "record", 0.6, "glance", "neighbour0"),
        Act("view", "record", 0.35, "glance", "neighbour1"),
        HISTORY,
    ),
    searches=BY_HOUSE,
    source=Comers(
        5,
        Season((6, 8, 6, 4, 8, 10, 10, 10, 12, 12, 10, 6), counter=False),
        hours=None,
        turns=2,
        every_days=28,
        again=0.7,
    ),
    prefix="KJ",
    keeper=True,
)
