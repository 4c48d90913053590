"""Administrators' look at the log (運用記録の確認).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, NO_ONE, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="system_check",
    title_ja="運用記録の確認",
    title_en="administrators' look at the log",
    purpose="system_operation",
    system="ADMIN",
    section="systems",
    acts=(Act("view", "audit", 1.0, "read", NO_ONE), Act("view", "audit", 0.4, "glance", NO_ONE)),
    searches=BY_PERSON,
    source=Comers(4, Season(counter=False), hours=None),
    prefix="IU",
)
