"""Change of school after a move (転入学・転出の手続).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.schema.people import ANNOUNCED
from simulator.workload.procedure import BY_PERSON, FIND, Act, Procedure
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="school_transfer",
    title_ja="転入学・転出の手続",
    title_en="change of school after a move",
    purpose="school_register",
    system="CHILD",
    section="school",
    acts=(*FIND, Act("view", "household", 0.8), Act("update", "change", 0.8, "work")),
    searches=BY_PERSON,
    source=Changed(("転入", "特例転入", *ANNOUNCED, "転居"), 0.9, after_days=5, together=0.5, ages=(6, 15)),
    prefix="GT",
)
