"""Late-elderly care after a death (死亡後の後期高齢者医療の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_late_elderly",
    title_ja="死亡後の後期高齢者医療の手続",
    title_en="late-elderly care after a death",
    purpose="late_elderly",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    source=Changed(("死亡",), 0.9, after_days=18, together=0.45, ages=(75, 120)),
    prefix="HX",
)
