"""My Number card (個人番号カードの交付・更新).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="number_card",
    title_ja="個人番号カードの交付・更新",
    title_en="My Number card",
    purpose="number_card",
    system="MUNI",
    section="citizen",
    acts=(*FIND, Act("update", "change", 0.7, "work")),
    searches=BY_PERSON,
    source=Comers(75, Season((12, 12, 14, 10, 8, 8, 8, 8, 8, 8, 8, 9)), ages=(0, 110)),
    prefix="MC",
    branches=ASSUMED_BRANCHES,
)
