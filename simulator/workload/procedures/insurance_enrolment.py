"""Health insurance enrolment (国保の資格得喪).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="insurance_enrolment",
    title_ja="国保の資格得喪",
    title_en="health insurance enrolment",
    purpose="health_insurance",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, HOUSEHOLD, Act("update", "change", 0.7, "work")),
    searches=BY_PERSON,
    source=Comers(170, Season((6, 6, 10, 16, 8, 7, 9, 6, 6, 7, 6, 6), MOVES_TOO)),
    prefix="HK",
    branches=ASSUMED_BRANCHES,
)
