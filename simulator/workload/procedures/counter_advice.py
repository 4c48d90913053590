"""Advice at the counter without issue (窓口相談（交付なし）).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import ASSUMED_BRANCHES, BY_PERSON, FIND, HOUSEHOLD, Procedure
from simulator.workload.rhythm import MOVES_TOO, Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="counter_advice",
    title_ja="窓口相談（交付なし）",
    title_en="advice at the counter without issue",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(*FIND, HOUSEHOLD),
    searches=BY_PERSON,
    source=Comers(90, Season(peaks=MOVES_TOO, openings=True)),
    prefix="SD",
    branches=ASSUMED_BRANCHES,
)
