"""National pension (国民年金の届出・相談).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, Act, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="pension_enquiry",
    title_ja="国民年金の届出・相談",
    title_en="national pension",
    purpose="pension",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, Act("unmask", "numbers", 0.15, "glance")),
    searches=BY_PERSON,
    source=Comers(72, ages=(20, 70)),
    prefix="HN",
    branches=ASSUMED_BRANCHES,
)
