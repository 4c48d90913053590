"""M01 celebrity: somebody entitled opens the record of a well-known person out of curiosity.

From outside: a search by name and one look, sometimes some more on other days, in a quiet moment of the afternoon. It
resembles the business that well-known people really have, and the search for a namesake.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import OPEN, Evasion, several, sit_down, visit

_WORDS = {
    "celebrity": ("有名人", "celebrity"),
    "politician": ("議員・首長", "politician"),
    "executive": ("会社役員", "company executive"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 looks up to `most_visits` times; 1 once, under a case entered for it.
        most_visits: looks at stealth 0, 1–8.
        most_famous: how many different people at stealth 0, 1–8.
        sections: where the actor works; empty for anywhere.
        evade: switches of a careful actor.
    """

    stealth: float = 0.5
    most_visits: int = 3
    most_famous: int = 2
    sections: tuple[str, ...] = ()
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_visits=(self.most_visits, 1, 8), most_famous=(self.most_famous, 1, 8))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one fan: the records of one or some famous people, each in the place of a case of the actor's own."""
    known = ctx.figures(*_WORDS) or ctx.circle.adults()
    famous = [ctx.rng.choice(known) for _ in range(several(ctx, p.most_famous, p.stealth))]
    actors = ctx.staff(*p.sections)
    ctx.story.motive, ctx.story.relation = "curiosity", "well-known person"
    looked = 0
    for victim in dict.fromkeys(famous):
        for number in range(several(ctx, p.most_visits, p.stealth)):
            taken = sit_down(ctx, actors, victim, p, (0, ctx.last_day))
            if taken is None:
                return
            actors = [taken.staff_no]
            looked += 1
            _tell(ctx, victim, looked)
            stage = "first look" if number == 0 else "return"
            yield from visit(ctx, taken, victim, stage=stage, evade=p.evade)


def _tell(ctx: Context, victim: int, looked: int) -> None:
    kinds = [name for name in _WORDS if victim in ctx.figures(name)]
    ja, en = _WORDS[kinds[0]] if kinds else ("知名人", "well-known person")
    ctx.story.story_ja = f"職員が、業務と関係なく{ja}の記録を興味本位で{looked}回閲覧した。"
    ctx.story.story_en = f"Out of curiosity and without business somebody looked up a {en}, {looked} time(s) in all."


ARCHETYPE = Archetype(
    name="M01",
    title_ja="有名人の興味本位の閲覧",
    title_en="curiosity about a celebrity",
    looks=__doc__,
    signals=("target is a public figure", "no case of this resident", "view without issue"),
    sources=(
        "生駒市 2014: a citizen-section official searched a television star, found by the national centre within days",
        "社会保険庁 2004: pension records of politicians and actresses; 513 disciplined",
        "大阪市 2010–14: the mayor and celebrities in the family register; 57 disciplined (the city's own notice)",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End(
        (("centre", 2), ("media", 3), ("own_log_request", 2), ("none", 3)),
        (10, 900),
        (("reprimand", 5), ("warning", 4), ("suspension", 1)),
    ),
)
