"""Tracing of heirs (相続人の調査).

An owner has died: spouse, children, their households and where they went are looked at again and again, by one person.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PLACE, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="estate_heirs",
    title_ja="相続人の調査",
    title_en="tracing of heirs",
    purpose="property_tax",
    system="TAX",
    section="property_tax",
    acts=(
        *FIND,
        Act("view", "household", 0.9),
        Act("view", "history", 0.7),
        Act("view", "record", 0.9, "read", "member0"),
        Act("view", "record", 0.8, "read", "member1"),
        Act("view", "record", 0.9, "read", "kin0"),
        Act("view", "household", 0.6, "read", "kin0"),
        Act("view", "record", 0.9, "read", "kin1"),
        Act("view", "history", 0.5, "read", "kin1"),
        Act("view", "record", 0.8, "read", "kin2"),
        Act("view", "record", 0.7, "read", "kin3"),
        Act("view", "national", 0.5, "read", "kin1"),
    ),
    searches=BY_PLACE,
    source=Comers(
        2.0,
        Season((12, 12, 12, 14, 10, 6, 6, 6, 6, 6, 6, 6), counter=False),
        ages=(60, 110),
        hours=None,
        turns=5,
        every_days=18,
        again=0.8,
    ),
    prefix="SI",
    keeper=True,
)
