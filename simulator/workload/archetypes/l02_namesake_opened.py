"""L02 namesake opened: the wrong one of two people of one name is opened, closed again, then the right one.

Lawful, and shaped like a look at a stranger (M02): the record that was opened has no case.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype
from simulator.workload.folk import Flags
from simulator.workload.lookalikes import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


def _marks(seen: Evidence, p: Params) -> Flags:
    del p
    return seen.has(whom="namesake")


ARCHETYPE = Archetype(
    name="L02",
    title_ja="同姓同名の別人を先に開いた照会",
    title_en="the wrong one of two namesakes is opened first",
    looks=__doc__,
    signals=("a record without a case beside one with",),
    sources=("domain.md 1.2: operators open several candidates before the right one (general practice; ASSUMED rate)",),
    params=Params,
    marks=_marks,
    rank=60,
)
