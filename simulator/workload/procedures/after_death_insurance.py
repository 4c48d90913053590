"""Insurance after a death (死亡後の国保・年金の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_insurance",
    title_ja="死亡後の国保・年金の手続",
    title_en="insurance after a death",
    purpose="health_insurance",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    source=Changed(("死亡",), 0.6, after_days=18, together=0.45, ages=(0, 74)),
    prefix="HB",
)
