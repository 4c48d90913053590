"""Check of dependants (扶養の重複調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, SEARCH, VIEW, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="dependants_check",
    title_ja="扶養の重複調査",
    title_en="check of dependants",
    purpose="income_tax",
    system="TAX",
    section="income_tax",
    acts=(
        SEARCH,
        VIEW,
        Act("view", "household", 1.0),
        Act("view", "record", 0.7, "glance", "kin0"),
        Act("view", "household", 0.3, "glance", "kin0"),
    ),
    searches=BY_PERSON,
    source=Comers(26, Season((2, 2, 3, 6, 8, 6, 8, 12, 14, 14, 10, 3), counter=False), hours=None),
    prefix="SF",
)
