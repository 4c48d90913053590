"""Disability welfare after a death (死亡後の障害福祉の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_disability",
    title_ja="死亡後の障害福祉の手続",
    title_en="disability welfare after a death",
    purpose="disability",
    system="WELFARE",
    section="disability",
    acts=(*FIND,),
    searches=BY_PERSON,
    source=Changed(("死亡",), 0.15, after_days=30, together=0.45),
    prefix="SX",
)
