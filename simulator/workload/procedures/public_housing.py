"""Names for public housing and water (市営住宅・水道の名義).

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_HOUSE, FIND, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="public_housing",
    title_ja="市営住宅・水道の名義",
    title_en="names for public housing and water",
    purpose="housing_water",
    system="MUNI",
    section="housing",
    acts=(*FIND, Act("view", "household", 0.5)),
    searches=BY_HOUSE,
    source=Comers(48, Season((5, 5, 14, 14, 6, 6, 6, 6, 6, 6, 6, 6), counter=False), hours=None),
    prefix="SU",
)
