"""List of those who need help in an evacuation (避難行動要支援者名簿の更新).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_HOUSE, SEARCH, VIEW, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="evacuation_support",
    title_ja="避難行動要支援者名簿の更新",
    title_en="list of those who need help in an evacuation",
    purpose="disaster",
    system="MUNI",
    section="disaster",
    acts=(SEARCH, VIEW, Act("view", "household", 0.9), Act("view", "record", 0.3, "glance", "neighbour0")),
    searches=BY_HOUSE,
    source=Comers(9, Season((2, 3, 4, 10, 16, 14, 10, 8, 6, 4, 3, 2), counter=False), ages=(70, 110), hours=None),
    prefix="BH",
)
