"""Watch list of elderly people living alone (高齢者見守り台帳の更新).

Once a year those over seventy who live alone are looked at, street by street.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import BY_HOUSE, SEARCH, VIEW, Act, Procedure
from simulator.workload.rhythm import Season
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="watch_list",
    title_ja="高齢者見守り台帳の更新",
    title_en="watch list of elderly people living alone",
    purpose="elderly_care",
    system="WELFARE",
    section="elderly",
    acts=(SEARCH, VIEW, Act("view", "household", 0.95), Act("view", "record", 0.3, "glance", "kin0")),
    searches=BY_HOUSE,
    source=Comers(34, Season((4, 4, 4, 6, 10, 12, 10, 8, 14, 12, 8, 4), counter=False), ages=(70, 110), hours=None),
    prefix="KM",
)
