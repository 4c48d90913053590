"""Seal certificate (印鑑登録証明書の交付).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, ISSUE, Procedure
from simulator.workload.rhythm import MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="seal_certificate",
    title_ja="印鑑登録証明書の交付",
    title_en="seal certificate",
    purpose="seal_registration",
    system="MUNI",
    section="citizen",
    acts=(*FIND, ISSUE),
    searches=BY_PERSON,
    source=Comers(290, Season(peaks=MOVES_TOO, openings=True)),
    prefix="IN",
    branches=ASSUMED_BRANCHES,
)
