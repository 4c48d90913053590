"""L13 address search: a clerk searches by the address and opens one household after the other.

Lawful, and shaped like the choice of targets by place (M08): meters, houses and flats are found by where they stand.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L13",
    title_ja="所在・集合住宅からの検索",
    title_en="search by address or apartment house",
    looks=__doc__,
    signals=("search by address", "neighbours opened"),
    sources=("水道・市営住宅・家屋調査 (general practice; ASSUMED rate)",),
    params=Params,
    procedures=("house_survey", "public_housing"),
    rank=52,
)
