"""Application for a protection measure and its renewal (支援措置の申出・更新).

A measure holds for a year; the applicant comes again before it ends (domain.md 1.3).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_PERSON, SEARCH, VIEW, Act, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="protection_renewal",
    title_ja="支援措置の申出・更新",
    title_en="application for a protection measure and its renewal",
    purpose="protection",
    system="MUNI",
    section="citizen",
    acts=(
        SEARCH,
        VIEW,
        Act("view", "household", 0.9),
        Act("view", "protection", 1.0, "read"),
        Act("update", "protection", 0.9, "work"),
    ),
    searches=BY_PERSON,
    source=Comers(1.9, ages=(0, 110), who="protected"),
    prefix="SH",
    keeper=True,
)
