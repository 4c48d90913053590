"""Tracing of delinquents (滞納者の所在調査).

One collector follows a delinquent for years and looks again and again whether the address still holds.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="collection_tracing",
    title_ja="滞納者の所在調査",
    title_en="tracing of delinquents",
    purpose="tax_collection",
    system="TAX",
    section="collection",
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.35)),
    searches=BY_PERSON,
    source=Comers(34, Season(counter=False), ages=(20, 80), hours=None, turns=11, every_days=26, again=0.8),
    prefix="NS",
    keeper=True,
)
