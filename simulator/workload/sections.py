"""The sections of a town hall: where they stand, what role they hold, how many people of 120 work there."""

from typing import NamedTuple

MAIN = "H00"
BRANCHES = ("B01", "B02", "B03", "B04")
OFFICE_TITLES = {MAIN: "本庁", "B01": "東支所", "B02": "西支所", "B03": "南支所", "B04": "北支所"}


class Section(NamedTuple):
    """A section; `staff` of 120 is its share."""

    code: str
    title: str
    office: str
    role: str
    staff: int


# Source: domain.md 3.2 (roles by section) and 6.2 (staff by field); the heads per section are assumed.
ASSUMED_SECTIONS = (
    Section("citizen", "市民課", MAIN, "R01", 16),
    Section("income_tax", "市民税課", MAIN, "R05", 9),
    Section("property_tax", "資産税課", MAIN, "R06", 9),
    Section("collection", "納税課", MAIN, "R07", 8),
    Section("insurance", "国保年金課", MAIN, "R08", 9),
    Section("assistance", "生活福祉課", MAIN, "R09", 7),
    Section("elderly", "高齢介護課", MAIN, "R10", 7),
    Section("child", "子育て支援課", MAIN, "R11", 7),
    Section("school", "学務課", MAIN, "R12", 4),
    Section("electoral", "選挙管理委員会事務局", MAIN, "R13", 3),
    Section("branch_east", "東支所", "B01", "R04", 4),
    Section("branch_west", "西支所", "B02", "R04", 4),
    Section("branch_south", "南支所", "B03", "R04", 4),
    Section("branch_north", "北支所", "B04", "R04", 4),
    Section("systems", "情報システム課", MAIN, "R15", 4),
    Section("audit", "監査委員事務局", MAIN, "R18", 3),
    Section("assembly", "議会事務局", MAIN, "R16", 5),
    Section("personnel", "人事課", MAIN, "R16", 7),
    Section("planning", "企画課", MAIN, "R16", 6),
)
BY_CODE = {section.code: section for section in ASSUMED_SECTIONS}
# Sections that work with residents' records day by day; systems and audit have accounts but no residents to serve.
WORKING_ROLES = ("R01", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R13")
ENTITLED_ROLES = (*WORKING_ROLES, "R15", "R18")
BRANCH_SECTIONS = ("branch_east", "branch_west", "branch_south", "branch_north")
COUNTERS = frozenset(
    {"citizen", "income_tax", "property_tax", "collection", "insurance", "elderly", "child", *BRANCH_SECTIONS}
)
