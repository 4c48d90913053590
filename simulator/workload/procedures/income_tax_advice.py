"""Advice on the income tax return (市民税の申告相談).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="income_tax_advice",
    title_ja="市民税の申告相談",
    title_en="advice on the income tax return",
    purpose="income_tax",
    system="TAX",
    section="income_tax",
    acts=(*FIND, HOUSEHOLD, Act("update", "change", 0.6, "work")),
    searches=BY_PERSON,
    source=Comers(60, Season((2, 30, 30, 3, 3, 10, 4, 1, 1, 1, 1, 1))),
    prefix="SN",
)
