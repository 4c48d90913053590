"""M11 bulk copy by a contractor: maintenance of the database, month by month, with a copy for the own pocket.

From outside: after the monthly extraction of the systems section another one, outside any ticket. It resembles
migrations and the re-sending of messages, which are drawn twice as well.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 copies after each monthly extraction; 1 after one of them.
        most_copies: copies at stealth 0, 1–24.
    """

    stealth: float = 0.3
    most_copies: int = 12

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_copies=(self.most_copies, 1, 24))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one contractor: copies after the extractions of the systems section."""
    rows = ctx.extractions("systems")
    wanted = max(1, round(min(p.most_copies, len(rows)) * (1 - p.stealth)))
    ctx.story.motive, ctx.story.relation = "money", "everybody of the register"
    copied = yield from copies(ctx, rows, wanted, "copy")
    ctx.story.story_ja = f"保守委託先の技術者が、月次の抽出に乗じて住民データを{copied}回複製し、売却した。"
    ctx.story.story_en = f"A contractor's engineer copied the register {copied} time(s) during maintenance."


ARCHETYPE = Archetype(
    name="M11",
    title_ja="委託先による大量複製",
    title_en="bulk copy by a contractor",
    looks=__doc__,
    signals=("extraction outside a ticket", "records taken out in bulk"),
    sources=(
        "宇治市 1999: the whole register copied by a sub-contractor's part-timer and sold; damages of 15,000 yen each",
        "尼崎市 2022: 460,517 residents on a USB stick of a third-tier sub-contractor (日経クロステック)",
        "NTTビジネスソリューションズ 2013–23: more than a hundred copies by USB over ten years",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End(
        (("complaint", 3), ("police", 3), ("media", 2), ("accident", 2)),
        (2, 3600),
        (("prosecution", 6), ("dismissal", 2)),
    ),
)
