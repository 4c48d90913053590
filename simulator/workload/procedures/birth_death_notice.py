"""Notices of birth and death (出生届・死亡届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="birth_death_notice",
    title_ja="出生届・死亡届",
    title_en="notices of birth and death",
    purpose="family_register",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_PERSON,
    source=Changed(("出生", "死亡"), 1.0),
    prefix="KS",
    branches=ASSUMED_BRANCHES,
)
