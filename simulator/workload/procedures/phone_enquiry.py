"""Telephone enquiry without issue (電話照会（交付なし）).

Someone telephones; the record is opened, the question answered or not, and nothing is issued.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="phone_enquiry",
    title_ja="電話照会（交付なし）",
    title_en="telephone enquiry without issue",
    purpose="resident_certificate",
    system="MUNI",
    section="citizen",
    acts=FIND,
    searches=BY_PERSON,
    source=Comers(150),
    prefix="JT",
    branches=ASSUMED_BRANCHES,
)
