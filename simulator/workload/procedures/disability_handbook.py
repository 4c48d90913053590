"""Handbooks and services for disabled people (障害者手帳・福祉サービス).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, Act, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="disability_handbook",
    title_ja="障害者手帳・福祉サービス",
    title_en="handbooks and services for disabled people",
    purpose="disability",
    system="WELFARE",
    section="disability",
    acts=(*FIND, Act("view", "household", 0.6), Act("update", "change", 0.5, "work")),
    searches=BY_PERSON,
    source=Comers(58, ages=(0, 110)),
    prefix="SG",
    branches=ASSUMED_BRANCHES,
)
