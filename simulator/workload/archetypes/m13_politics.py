"""M13 politics and retaliation: somebody in charge looks up a critic, a candidate or one who asked for documents.

From outside: one or two looks at somebody known in public life, by a senior official. It resembles the check of
candidates by the electoral section and the business that every councillor has as a resident.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import OPEN, Evasion, several, sit_down, visit

_WHO = {True: ("管理職が部下に命じて", "A superior had a subordinate look"), False: ("管理職が", "A superior looked")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 looks up to `most_visits` times; 1 once, under a case entered for it.
        most_visits: looks at stealth 0, 1–9.
        delegate: whether the superior, who has no account to spare, lets a subordinate look.
        evade: switches of a careful actor.
    """

    stealth: float = 0.5
    most_visits: int = 3
    delegate: bool = False
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_visits=(self.most_visits, 1, 9))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one grudge: one person, once or more, in the place of cases of one actor."""
    everybody = ctx.staff()
    actors = ctx.employed(everybody, supervisor=not p.delegate)
    victim = ctx.rng.choice(ctx.figures("politician") or ctx.circle.adults(low=30))
    story = ctx.story
    story.motive, story.victims = "retaliation", [victim]
    story.relation = "political opponent" if victim in ctx.figures("politician") else "critic of the office"
    if p.delegate:
        story.instigator = ctx.rng.choice(ctx.employed(everybody, supervisor=True))
    for number in range(several(ctx, p.most_visits, p.stealth)):
        taken = sit_down(ctx, actors, victim, p, (0, ctx.last_day))
        if taken is None:
            return
        actors = [taken.staff_no]
        story.story_ja = f"{_WHO[p.delegate][0]}、市政に批判的な人の記録を{number + 1}回閲覧した。"
        story.story_en = f"{_WHO[p.delegate][1]} at the record of a {story.relation}, {number + 1} time(s)."
        stage = "first look" if number == 0 else "return"
        yield from visit(ctx, taken, victim, stage=stage, evade=p.evade)


ARCHETYPE = Archetype(
    name="M13",
    title_ja="政治的・報復的な閲覧",
    title_en="politics and retaliation",
    looks=__doc__,
    signals=("target is in public life or has complained", "no case of this resident", "view without issue"),
    sources=(
        "調布市 2021: the identity of one who asked for documents passed on nine times (東京民報, November 2021)",
        "秋田県内 2021–23: the tax status of an opponent in social media, who was mocked with it",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("tip", 4), ("media", 4), ("complaint", 2)), (30, 800), (("warning", 4), ("reprimand", 4))),
)
