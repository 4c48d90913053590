"""Certificate of residence (住民票の写しの交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, ISSUE, Procedure
from simulator.workload.rhythm import MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="resident_certificate",
    title_ja="住民票の写しの交付",
    title_en="certificate of residence",
    purpose="resident_certificate",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, ISSUE),
    searches=BY_PERSON,
    source=Comers(560, Season(peaks=MOVES_TOO, openings=True)),
    prefix="JH",
    branches=ASSUMED_BRANCHES,
)
