"""Notice of moving within the town (転居届・世帯変更届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="move_within",
    title_ja="転居届・世帯変更届",
    title_en="notice of moving within the town",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    source=Changed(("転居", "世帯主変更", "世帯分離", "世帯合併"), 1.0, household=True),
    prefix="TK",
    branches=ASSUMED_BRANCHES,
)
