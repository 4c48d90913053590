"""Public assistance (生活保護の調査).

A case worker keeps a household for years and checks it every month.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="public_assistance",
    title_ja="生活保護の調査",
    title_en="public assistance",
    purpose="public_assistance",
    system="WELFARE",
    section="assistance",
    acts=(*FIND, HOUSEHOLD, Act("view", "history", 0.3)),
    searches=BY_PERSON,
    source=Comers(21, Season(counter=False), hours=None, turns=8, every_days=31, again=0.85),
    prefix="FH",
    keeper=True,
)
