"""Water and housing after a death (死亡後の水道・市営住宅の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_water",
    title_ja="死亡後の水道・市営住宅の手続",
    title_en="water and housing after a death",
    purpose="housing_water",
    system="MUNI",
    section="housing",
    acts=(*FIND, Act("view", "household", 0.6)),
    searches=BY_PLACE,
    source=Changed(("死亡",), 0.6, after_days=30, together=0.45, ages=(25, 120)),
    prefix="SV",
)
