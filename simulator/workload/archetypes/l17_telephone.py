"""L17 telephone: a record is opened, nothing is issued, nobody was at the counter.

Lawful, and shaped like the plainest misuse there is: a look (M02).
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L17",
    title_ja="電話照会・相談（交付なし）",
    title_en="telephone enquiry or advice without issue",
    looks=__doc__,
    signals=("view without issue",),
    sources=("domain.md 4.4: telephone enquiries (general practice; ASSUMED rate)",),
    params=Params,
    procedures=("phone_enquiry", "counter_advice"),
    rank=56,
)
