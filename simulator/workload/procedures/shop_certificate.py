"""Certificate from a shop's copier (コンビニ交付).

The resident serves themself at a copier from 6:30 to 23:00: no operator, no search. About 0.29 a resident and year
(31.89 million in fiscal 2023, domain.md 3.7).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_CODE, Act, Procedure
from simulator.workload.rhythm import ASSUMED_SHOP, MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="shop_certificate",
    title_ja="コンビニ交付",
    title_en="certificate from a shop's copier",
    purpose="resident_certificate",
    system="MUNI",
    section="network",
    acts=(Act("issue", "certificate", 1.0, "instant"),),
    searches=BY_CODE,
    source=Comers(330, Season(peaks=MOVES_TOO, counter=False, every_day=True), ages=(15, 85), hours=ASSUMED_SHOP),
    prefix="CV",
)
