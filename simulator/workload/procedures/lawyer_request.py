"""Lawyers' official requests (職務上請求).

Lawyers, judicial scriveners and the like ask by form for parties of a suit, debtors, heirs (住民基本台帳法12条の3).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, HOUSEHOLD, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="lawyer_request",
    title_ja="職務上請求",
    title_en="lawyers' official requests",
    purpose="public_request",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, Act("view", "removed", 0.35), Act("issue", "certificate", 0.85, "glance")),
    searches=BY_PLACE,
    source=Comers(26, Season(counter=False), hours=None),
    prefix="SK",
)
