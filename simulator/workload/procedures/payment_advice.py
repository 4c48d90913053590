"""Advice on payment (納付相談).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="payment_advice",
    title_ja="納付相談",
    title_en="advice on payment",
    purpose="tax_collection",
    system="TAX",
    section="collection",
    acts=(*FIND, Act("view", "household", 0.55), Act("update", "change", 0.3, "work")),
    searches=BY_PERSON,
    source=Comers(62, Season((6, 7, 7, 6, 9, 9, 9, 8, 8, 8, 9, 10)), ages=(20, 90)),
    prefix="NK",
)
