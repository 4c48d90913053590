"""Long-term care assessment (介護保険の認定・相談).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="elderly_care",
    title_ja="介護保険の認定・相談",
    title_en="long-term care assessment",
    purpose="elderly_care",
    system="WELFARE",
    section="elderly",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Comers(140, ages=(65, 110)),
    prefix="KG",
    branches=ASSUMED_BRANCHES,
)
