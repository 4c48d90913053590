"""M08 target list: for a gang, the people of one description are picked out one by one.

From outside: old people who live alone, of one district after another, looked up with their household. It resembles
the visits that a welfare section prepares and the yearly survey of who lives where.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import Evasion, sit_down, visit

LOWEST_AGE = 70

_EVADE = Evasion(route="address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 looks up `most_people`; 1 a fifth of them, one a day at most.
        most_people: people at stealth 0, 2–60.
        lowest_age: youngest target, 60–90.
        sections: where the actor works; empty for anywhere.
        evade: switches of a careful actor; the route by address is how such lists are made.
    """

    stealth: float = 0.5
    most_people: int = 20
    lowest_age: int = LOWEST_AGE
    sections: tuple[str, ...] = ()
    evade: Evasion = _EVADE

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        ranges = {"most_people": (self.most_people, 2, 60), "lowest_age": (self.lowest_age, 60, 90)}
        check_knobs(self.stealth, **ranges)


def plan(ctx: Context, p: Params) -> Plan:
    """Play one list: old people alone, district by district, each in the place of a case of the actor's own."""
    actor = ctx.peek(ctx.staff(*p.sections))
    alone = [int(no) for no in ctx.circle.old_and_alone(p.lowest_age) if not ctx.circle.staffed[no]]
    if actor is None or not alone:
        return
    first = ctx.rng.below(len(alone))
    listed = sorted(alone[first:] + alone[:first], key=lambda no: int(ctx.circle.number["district"][no]))
    wanted = max(2, round(p.most_people * (1 - 0.8 * p.stealth)))
    ctx.story.motive, ctx.story.relation = "money", "old and living alone"
    for victim in listed[:: max(1, len(listed) // wanted)][:wanted]:
        taken = sit_down(ctx, [actor], victim, p, (0, ctx.last_day))
        if taken is None:
            break
        yield from visit(ctx, taken, victim, stage="listing", evade=p.evade)
    listed_count = len(ctx.story.victims)
    ctx.story.story_ja = f"職員が、反社会的な知人に頼まれ、一人暮らしの高齢者{listed_count}人の住所を書き出して渡した。"
    ctx.story.story_en = f"For a gang an official listed {listed_count} old people who live alone."


ARCHETYPE = Archetype(
    name="M08",
    title_ja="特殊詐欺等の標的名簿づくり",
    title_en="target list for organised crime",
    looks=__doc__,
    signals=("targets of one description", "no case of this resident", "view without issue"),
    sources=(
        "杉並区 2021–22: twenty people in a year for a friend with ties to a gang; arrest (NHK)",
        "八尾市 2023: data of the crematorium's users sold to undertakers",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("police", 5), ("tip", 4)), (100, 1000), (("prosecution", 9), ("dismissal", 1))),
)
