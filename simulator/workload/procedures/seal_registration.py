"""Registration of a seal (印鑑登録・廃止).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, UPDATE, Act, Procedure
from simulator.workload.rhythm import MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="seal_registration",
    title_ja="印鑑登録・廃止",
    title_en="registration of a seal",
    purpose="seal_registration",
    system="MUNI",
    section="citizen",
    acts=(*FIND, UPDATE, Act("issue", "certificate", 0.7, "glance")),
    searches=BY_PERSON,
    source=Comers(28, Season(peaks=MOVES_TOO, openings=True)),
    prefix="IT",
    branches=ASSUMED_BRANCHES,
)
