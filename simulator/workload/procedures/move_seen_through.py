"""Check of a change by an examiner (異動の審査).

A second person looks at the change of record after the counter has entered it.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.schema.people import MOVES_IN, MOVES_OUT
from simulator.workload.procedure import BY_PERSON, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="move_seen_through",
    title_ja="異動の審査",
    title_en="check of a change by an examiner",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(
        Act("view", "record"),
        Act("view", "household", 0.8),
        Act("view", "history", 0.5),
        Act("update", "change", 0.1, "work"),
    ),
    searches=BY_PERSON,
    source=Changed((*MOVES_IN, *MOVES_OUT, "転居"), 0.9, after_days=2, hours=None, household=True),
    prefix="SS",
)
