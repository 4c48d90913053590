"""Survey of new houses (家屋調査の予定).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_HOUSE, SEARCHED, VIEW, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="house_survey",
    title_ja="家屋調査の予定",
    title_en="survey of new houses",
    purpose="property_tax",
    system="TAX",
    section="property_tax",
    acts=(
        Act("search", "search", 1.0, "glance", SEARCHED),
        Act("list", "candidates", 0.8, "glance", SEARCHED),
        VIEW,
        Act("view", "household", 0.3),
        Act("view", "record", 0.3, "glance", "neighbour0"),
    ),
    searches=BY_HOUSE,
    source=Comers(14, Season((3, 3, 2, 3, 6, 8, 10, 12, 14, 16, 14, 9), counter=False), ages=(25, 80), hours=None),
    prefix="SY",
)
