"""Look-up of one moving in at the national server (転入者の本人確認情報照会).

A special notice of moving in is completed by what the national server says of the person (特例転入・転入通知).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_CODE, SEARCHED, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="move_in_national",
    title_ja="転入者の本人確認情報照会",
    title_en="look-up of one moving in at the national server",
    purpose="resident_change",
    system="JUKI",
    section="citizen",
    acts=(Act("search", "national", 1.0, "glance", SEARCHED), Act("view", "national", 1.0, "read")),
    searches=BY_CODE,
    source=Changed(("転入", "特例転入"), 0.85),
    prefix="TJ",
)
