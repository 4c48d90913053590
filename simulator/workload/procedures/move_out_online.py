"""Notice of moving out by the national portal with the My Number card (特例転出): nobody comes to the counter.

The clerk takes it from the queue of the portal, finds the household and records it. The rate is assumed, as for all
procedures, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.schema.people import ANNOUNCED
from simulator.workload.procedure import BY_CODE, FIND, HOUSEHOLD, UPDATE, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="move_out_online",
    title_ja="転出届（オンライン）",
    title_en="notice of moving out by the portal",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD, UPDATE),
    searches=BY_CODE,
    source=Changed(ANNOUNCED[1:], 1.0, after_days=2, hours=None, household=True),
    prefix="TO",
)
