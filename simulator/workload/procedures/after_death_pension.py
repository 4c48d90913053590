"""Pension after a death (死亡後の年金の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_pension",
    title_ja="死亡後の年金の手続",
    title_en="pension after a death",
    purpose="pension",
    system="KOKUHO",
    section="insurance",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Changed(("死亡",), 0.7, after_days=25, together=0.45, ages=(60, 120)),
    prefix="HE",
)
