"""Notices of marriage and divorce (婚姻届・離婚届).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, HISTORY, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="marriage_divorce_notice",
    title_ja="婚姻届・離婚届",
    title_en="notices of marriage and divorce",
    purpose="family_register",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, HISTORY, UPDATE),
    searches=BY_PERSON,
    source=Changed(("婚姻", "離婚"), 0.55),
    prefix="KK",
)
