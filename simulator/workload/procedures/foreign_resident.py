"""Notices of foreign residents (外国人住民の届出).

Names in Roman letters, 通称 and kana differ between papers: the same person is searched for several ways.

The rate is assumed, so that the whole meets domain.md 3.7 (3–6 views a resident and year).
"""

from simulator.workload.procedure import AGAIN, HOUSEHOLD, LIST, SEARCH, UPDATE, VIEW, WRONG, Act, Procedure
from simulator.workload.sources import Comers

PROCEDURE = Procedure(
    name="foreign_resident",
    title_ja="外国人住民の届出",
    title_en="notices of foreign residents",
    purpose="resident_change",
    system="MUNI",
    section="citizen",
    acts=(SEARCH, Act("search", "search", 0.55, "glance", AGAIN), LIST, WRONG, VIEW, HOUSEHOLD, UPDATE),
    searches=(("kana", 30), ("name", 30), ("birth", 15), ("kana_birth", 25)),
    source=Comers(14, ages=(0, 110), who="foreign"),
    prefix="GK",
)
