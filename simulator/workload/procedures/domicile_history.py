"""Certificate of address history (戸籍の附票・除票の交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HISTORY, ISSUE, Act, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="domicile_history",
    title_ja="戸籍の附票・除票の交付",
    title_en="certificate of address history",
    purpose="family_register",
    system="KOSEKI",
    section="citizen",
    acts=(*FIND, HISTORY, Act("view", "removed", 0.3), ISSUE),
    searches=BY_PERSON,
    source=Comers(48),
    prefix="KF",
    branches=ASSUMED_BRANCHES,
)
