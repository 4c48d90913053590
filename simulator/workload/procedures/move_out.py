"""Notice of moving out (転出届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="move_out",
    title_ja="転出届",
    title_en="notice of moving out",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    source=Changed(("転出", "国外転出"), 1.0, household=True),
    prefix="TS",
    branches=ASSUMED_BRANCHES,
)
