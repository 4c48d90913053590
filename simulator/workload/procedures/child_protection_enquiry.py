"""Enquiry about a child and its family (児童家庭相談の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, SEARCH, VIEW, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="child_protection_enquiry",
    title_ja="児童家庭相談の調査",
    title_en="enquiry about a child and its family",
    purpose="child_protection",
    system="CHILD",
    section="child",
    acts=(
        SEARCH,
        VIEW,
        Act("view", "household", 1.0),
        Act("view", "history", 0.6),
        Act("view", "record", 0.5, "read", "kin0"),
    ),
    searches=BY_PERSON,
    source=Comers(4, Season(counter=False), ages=(0, 17), hours=None, turns=4, every_days=20, again=0.7),
    prefix="JF",
    keeper=True,
)
