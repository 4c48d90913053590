"""L11 official enquiry: a record is opened for somebody else who asked in writing.

Lawful, and shaped like a favour (M06): no application of the resident, no certificate, only a look on another's behalf.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L11",
    title_ja="文書照会・公用請求・職務上請求への対応",
    title_en="written enquiries of other sections, of police, courts and lawyers",
    looks=__doc__,
    signals=("view without issue",),
    sources=("捜査関係事項照会 (刑事訴訟法197条2項), 職務上請求 (住民基本台帳法12条の3); ASSUMED rate",),
    params=Params,
    procedures=("inter_section_enquiry", "official_request", "lawyer_request", "support_duty_survey"),
    rank=55,
)
