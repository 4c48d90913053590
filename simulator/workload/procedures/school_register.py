"""School register (学齢簿・転校).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="school_register",
    title_ja="学齢簿・転校",
    title_en="school register",
    purpose="school_register",
    system="CHILD",
    section="school",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Comers(38, Season((14, 8, 18, 14, 4, 3, 4, 8, 6, 16, 6, 4), counter=False), ages=(5, 15), hours=None),
    prefix="GS",
)
