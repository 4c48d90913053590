"""Income tax assessment (市民税の賦課調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="income_tax_work",
    title_ja="市民税の賦課調査",
    title_en="income tax assessment",
    purpose="income_tax",
    system="TAX",
    section="income_tax",
    acts=(*FIND, HOUSEHOLD, Act("unmask", "numbers", 0.1, "glance")),
    searches=BY_PERSON,
    source=Comers(230, Season((14, 20, 22, 16, 12, 6, 3, 2, 2, 2, 2, 4), counter=False), hours=None),
    prefix="SZ",
)
