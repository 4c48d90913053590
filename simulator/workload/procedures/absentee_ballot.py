"""Check for an absentee ballot (不在者投票の確認).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, SEARCH, VIEW, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="absentee_ballot",
    title_ja="不在者投票の確認",
    title_en="check for an absentee ballot",
    purpose="electoral_roll",
    system="MUNI",
    section="electoral",
    acts=(SEARCH, VIEW),
    searches=BY_PERSON,
    source=Comers(6, Season(elections=25.0)),
    prefix="EF",
)
