"""Child allowance after a death (死亡後の児童手当の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, UPDATE, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_child",
    title_ja="死亡後の児童手当の手続",
    title_en="child allowance after a death",
    purpose="child_allowance",
    system="CHILD",
    section="child",
    acts=(*FIND, Act("view", "household", 0.9), UPDATE),
    searches=BY_PERSON,
    source=Changed(("死亡",), 0.7, after_days=14, together=0.45, ages=(20, 55)),
    prefix="JX",
)
