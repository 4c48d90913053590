"""Child allowance (児童手当).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="child_allowance",
    title_ja="児童手当",
    title_en="child allowance",
    purpose="child_allowance",
    system="CHILD",
    section="child",
    acts=(*FIND, HOUSEHOLD, Act("update", "change", 0.5, "work")),
    searches=BY_PERSON,
    source=Comers(85, Season((6, 6, 10, 12, 7, 14, 8, 6, 6, 8, 6, 6), MOVES_TOO), ages=(25, 50)),
    prefix="JA",
    branches=ASSUMED_BRANCHES,
)
