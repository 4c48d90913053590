"""L08 yearly lists: thousands of records leave the register at once, or are gone through one by one.

Lawful, and shaped like bulk extraction (M10): the day is in the calendar and the head of the section approved it.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L08",
    title_ja="選挙・就学・給付などの年次名簿",
    title_en="yearly lists for elections, schools, levies and benefits",
    looks=__doc__,
    signals=("extraction", "many records shown"),
    sources=("公職選挙法22条, 学校教育法施行令2条; domain.md 3.6 (calendar of the year)",),
    params=Params,
    procedures=("watch_list", "evacuation_support"),
    told_by="staff",
    rank=25,
)
