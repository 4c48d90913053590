"""Long-term care after a death (死亡後の介護保険の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_care",
    title_ja="死亡後の介護保険の手続",
    title_en="long-term care after a death",
    purpose="elderly_care",
    system="WELFARE",
    section="elderly",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Changed(("死亡",), 0.75, after_days=21, together=0.45, ages=(65, 120)),
    prefix="KB",
)
