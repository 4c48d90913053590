"""Electoral roll (選挙人名簿の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="electoral_roll",
    title_ja="選挙人名簿の調査",
    title_en="electoral roll",
    purpose="electoral_roll",
    system="MUNI",
    section="electoral",
    acts=(*FIND,),
    searches=BY_PERSON,
    source=Comers(14, Season((1, 1, 5, 1, 1, 5, 1, 1, 5, 1, 1, 5), counter=False, elections=3.0), hours=None),
    prefix="EK",
)
