"""M10 bulk extraction by an insider: a list is drawn once more than the work needs, and taken home.

From outside: two extractions of one kind on one day, under one approval. It resembles the list that is drawn again
because something was missing, and the yearly lists themselves.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import copies, several, title

SECTIONS = ("electoral", "income_tax", "property_tax", "insurance", "elderly", "child", "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 draws up to `most_lists`; 1 one.
        most_lists: lists drawn again at stealth 0, 1–12.
        sections: where the actor works.
    """

    stealth: float = 0.5
    most_lists: int = 3
    sections: tuple[str, ...] = SECTIONS

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_lists=(self.most_lists, 1, 12))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one leak of lists: after a lawful extraction the same person draws it once more."""
    rows = ctx.extractions(*p.sections)
    if not rows:
        return
    first = ctx.rng.choice(rows)
    own = [row for row in rows if row["staff_no"] == first["staff_no"]]
    ctx.story.motive, ctx.story.relation = "money", "everybody of the list"
    section = ctx.duties(first["staff_no"])[-1][0]
    drawn = yield from copies(ctx, own, several(ctx, p.most_lists, p.stealth), "extraction")
    ctx.story.story_ja = f"{title(section)}の職員が、業務で抽出した名簿を{drawn}回余分に抽出し、持ち出した。"
    ctx.story.story_en = f"An official of section {section} drew a list {drawn} time(s) more and took it home."


ARCHETYPE = Archetype(
    name="M10",
    title_ja="職員による大量抽出・持ち出し",
    title_en="bulk extraction by an insider",
    looks=__doc__,
    signals=("two extractions under one approval", "records taken out in bulk"),
    sources=(
        "釜石市 2015–22: the whole register by e-mail, 21 times, and at home on a USB stick (日本経済新聞, May 2022)",
        "堺市 2015: 680,000 voters taken home and exposed on an own web server",
        "新潟市 2020–23: 1,400 personnel files copied by abuse of rights",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("tip", 6), ("accident", 3)), (200, 2400), (("dismissal", 6), ("suspension", 3), ("prosecution", 2))),
)
