"""Survey of those who owe support (扶養義務者の調査).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="support_duty_survey",
    title_ja="扶養義務者の調査",
    title_en="survey of those who owe support",
    purpose="public_assistance",
    system="WELFARE",
    section="assistance",
    acts=(
        *FIND,
        Act("view", "household", 0.6),
        Act("view", "record", 0.9, "read", "kin0"),
        Act("view", "household", 0.5, "read", "kin0"),
        Act("view", "record", 0.8, "read", "kin1"),
        Act("view", "record", 0.6, "read", "kin2"),
        Act("view", "history", 0.4),
    ),
    searches=BY_PERSON,
    source=Comers(8, Season(counter=False), hours=None),
    prefix="FF",
    keeper=True,
)
