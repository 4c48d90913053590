"""Nursery places (保育所の入所).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="nursery",
    title_ja="保育所の入所",
    title_en="nursery places",
    purpose="nursery",
    system="CHILD",
    section="child",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Comers(60, Season((12, 12, 10, 6, 5, 5, 5, 5, 6, 14, 20, 12), counter=False), ages=(0, 6), hours=None),
    prefix="HO",
)
