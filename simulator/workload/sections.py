"""The sections of a town hall: where they stand, what role they hold, how many people work there."""

from typing import NamedTuple

MAIN = "H00"
OFFICE_TITLES = {MAIN: "本庁", "B01": "東支所", "B02": "西支所", "B03": "南支所", "B04": "北支所"}


class Section(NamedTuple):
    """A section.

    Attributes:
        code: its code.
        title: its name.
        office: the building.
        role: what most of its people may do.
        staff: its share of heads.
        counter: whether its terminals stand at a counter and change hands from day to day.
        helps: whether some of it help at the resident counter in the season of moving.
    """

    code: str
    title: str
    office: str
    role: str
    staff: int
    counter: bool = False
    helps: bool = False


# Source: domain.md 3.2 (roles by section) and 6.2 (staff by field; 戸籍住民 2-3 of 55 per 10,000 residents); the heads
# per section are assumed so that a good half of all may use the register (domain.md 3.1).
ASSUMED_SECTIONS = (
    Section("citizen", "市民課", MAIN, "R01", 14, counter=True),
    Section("income_tax", "市民税課", MAIN, "R05", 9, counter=True),
    Section("property_tax", "資産税課", MAIN, "R06", 10, counter=True),
    Section("collection", "納税課", MAIN, "R07", 8, counter=True),
    Section("insurance", "国保年金課", MAIN, "R08", 13, counter=True),
    Section("assistance", "生活福祉課", MAIN, "R09", 13),
    Section("elderly", "高齢介護課", MAIN, "R10", 9, counter=True),
    Section("disability", "障害福祉課", MAIN, "R10", 6, helps=True),
    Section("child", "子育て支援課", MAIN, "R11", 12, counter=True),
    Section("school", "学務課", MAIN, "R12", 4, helps=True),
    Section("electoral", "選挙管理委員会事務局", MAIN, "R13", 2, helps=True),
    Section("health", "健康増進課", MAIN, "R14", 8, helps=True),
    Section("housing", "住宅水道課", MAIN, "R14", 7, helps=True),
    Section("disaster", "防災危機管理課", MAIN, "R14", 3, helps=True),
    Section("branch_east", "東支所", "B01", "R04", 8, counter=True),
    Section("branch_west", "西支所", "B02", "R04", 7, counter=True),
    Section("branch_south", "南支所", "B03", "R04", 6, counter=True),
    Section("branch_north", "北支所", "B04", "R04", 6, counter=True),
    Section("systems", "情報システム課", MAIN, "R15", 4),
    Section("audit", "監査委員事務局", MAIN, "R18", 2),
    Section("assembly", "議会事務局", MAIN, "R16", 4),
    Section("personnel", "人事課", MAIN, "R16", 6),
    Section("planning", "企画課", MAIN, "R16", 9),
    Section("general", "総務課", MAIN, "R16", 12),
    Section("commerce", "商工農政課", MAIN, "R16", 16),
    Section("works", "建設課", MAIN, "R16", 26),
)
# Where machines ask, not people: certificates issued by shops' copiers, and messages of the communication server.
NETWORK = Section("network", "証明書交付センター・住基ネットCS", MAIN, "R21", 0)
EVERY = (*ASSUMED_SECTIONS, NETWORK)
BY_CODE = {section.code: section for section in EVERY}
PLACE = {section.code: number for number, section in enumerate(EVERY)}
# Sections that work with residents' records day by day.
WORKING_ROLES = (
    "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R13", "R14", "R17",
)  # fmt: skip
ENTITLED_ROLES = (*WORKING_ROLES, "R15", "R18", "R21")
BRANCH_SECTIONS = ("branch_east", "branch_west", "branch_south", "branch_north")
COUNTERS = frozenset(section.code for section in EVERY if section.counter)
