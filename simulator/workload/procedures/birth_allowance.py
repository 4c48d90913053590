"""Allowances after a birth (出生後の児童手当・医療費助成).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, UPDATE, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="birth_allowance",
    title_ja="出生後の児童手当・医療費助成",
    title_en="allowances after a birth",
    purpose="child_allowance",
    system="CHILD",
    section="child",
    acts=(*FIND, Act("view", "household", 0.9), UPDATE),
    searches=BY_PERSON,
    source=Changed(("出生",), 1.0, after_days=15, together=0.3),
    prefix="JS",
)
