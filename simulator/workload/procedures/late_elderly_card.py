"""Late-elderly medical care (後期高齢者医療の届出).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="late_elderly_card",
    title_ja="後期高齢者医療の届出",
    title_en="late-elderly medical care",
    purpose="late_elderly",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, Act("view", "household", 0.5), Act("update", "change", 0.6, "work")),
    searches=BY_PERSON,
    source=Comers(55, Season((6, 6, 7, 8, 7, 8, 16, 14, 7, 7, 6, 6)), ages=(74, 110)),
    prefix="HR",
    branches=ASSUMED_BRANCHES,
)
