"""Levy of the health insurance tax (国保税の賦課・減免).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="insurance_levy",
    title_ja="国保税の賦課・減免",
    title_en="levy of the health insurance tax",
    purpose="health_insurance",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Comers(75, Season((2, 2, 3, 6, 8, 20, 24, 10, 6, 5, 4, 3), counter=False), hours=None),
    prefix="HF",
)
