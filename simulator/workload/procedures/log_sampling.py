"""Auditors' own sampling of the log (操作履歴の抽出点検).

Auditors draw records by lot and look at who opened them (domain.md 3.5).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="log_sampling",
    title_ja="操作履歴の抽出点検",
    title_en="auditors' own sampling of the log",
    purpose="audit",
    system="ADMIN",
    section="audit",
    acts=(Act("view", "audit", 1.0, "read"), Act("view", "audit", 0.7, "read"), Act("print", "audit", 0.2, "glance")),
    searches=BY_PERSON,
    source=Comers(3.2, Season((6, 8, 10, 6, 8, 8, 8, 8, 10, 10, 10, 8), counter=False), ages=(0, 110), hours=None),
    prefix="KA",
)
