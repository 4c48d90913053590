"""Notice of moving in (転入届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.schema.people import MOVES_IN
from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="move_in",
    title_ja="転入届",
    title_en="notice of moving in",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, UPDATE, Act("issue", "certificate", 0.5, "glance")),
    searches=BY_PERSON,
    source=Changed(MOVES_IN, 1.0, household=True),
    prefix="TN",
    branches=ASSUMED_BRANCHES,
)
