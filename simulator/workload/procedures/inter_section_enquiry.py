"""Written enquiry from another section (庁内文書照会).

Another section asks in writing who owns or lives where; the answer goes back on paper.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="inter_section_enquiry",
    title_ja="庁内文書照会",
    title_en="written enquiry from another section",
    purpose="property_tax",
    system="TAX",
    section="property_tax",
    acts=(*FIND, Act("view", "household", 0.35)),
    searches=BY_PLACE,
    source=Comers(11, Season(counter=False), hours=None),
    prefix="SQ",
)
