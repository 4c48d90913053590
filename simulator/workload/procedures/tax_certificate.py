"""Tax certificate (課税証明書の交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, ISSUE, Procedure
from simulator.workload.rhythm import TAX_CERTIFICATES, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="tax_certificate",
    title_ja="課税証明書の交付",
    title_en="tax certificate",
    purpose="tax_certificate",
    system="TAX",
    section="income_tax",
    acts=(*FIND, ISSUE),
    searches=BY_PERSON,
    source=Comers(190, Season((4, 5, 7, 5, 5, 8, 7, 5, 4, 4, 4, 4), TAX_CERTIFICATES)),
    prefix="KZ",
    branches=ASSUMED_BRANCHES,
)
