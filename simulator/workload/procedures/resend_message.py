"""Messages sent again to the network (住基ネットの再送).

At night the communication server sends the day's changes once more and checks what the national server holds.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.schema.people import ANNOUNCED
from simulator.workload.procedure import BY_CODE, Act, Procedure
from simulator.workload.rhythm import ASSUMED_NIGHT
from simulator.workload.sources import Changed

PROCEDURE = Procedure(
    name="resend_message",
    title_ja="住基ネットの再送",
    title_en="messages sent again to the network",
    purpose="resident_change",
    system="JUKI",
    section="network",
    acts=(Act("view", "record", 1.0, "instant"),),
    searches=BY_CODE,
    source=Changed(
        ("転入", "特例転入", *ANNOUNCED, "転居", "出生", "死亡", "婚姻", "氏名変更", "在留情報更新"),
        1.3,
        after_days=1,
        hours=ASSUMED_NIGHT,
    ),
    prefix="CS",
)
