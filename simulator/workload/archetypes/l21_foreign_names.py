"""L21 foreign names: one person is searched by the name in Roman letters, the 通称, the kana, the birth date.

Lawful, and shaped like fishing for somebody (M03): several searches, one record at last.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs: none."""


ARCHETYPE = Archetype(
    name="L21",
    title_ja="外国人の氏名の揺れ",
    title_en="names of foreign residents that are written in several ways",
    looks=__doc__,
    signals=("several searches for one record",),
    sources=("在留カードの氏名表記と通称 (domain.md 1.2); ASSUMED rate",),
    params=Params,
    procedures=("foreign_resident",),
    rank=17,
)
