"""Property tax after a death (死亡後の納税義務者の変更).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="after_death_property",
    title_ja="死亡後の納税義務者の変更",
    title_en="property tax after a death",
    purpose="property_tax",
    system="TAX",
    section="property_tax",
    acts=(
        *FIND,
        HOUSEHOLD,
        Act("view", "record", 0.5, "glance", "member0"),
        Act("view", "record", 0.4, "glance", "kin0"),
        Act("view", "history", 0.5),
    ),
    searches=BY_PLACE,
    source=Changed(("死亡",), 0.8, after_days=60, hours=None, ages=(30, 120)),
    prefix="SB",
)
