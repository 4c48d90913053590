"""M07 sale to a detective: a few addresses a week, for years, never more than colleagues look up.

From outside: names without anything in common, searched by name and age, opened once, rarely followed by a
certificate. It has the very shape of tracing people who owe taxes and moved.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import Evasion, sit_down, visit

_WEEK = 7

_EVADE = Evasion(quiet_share=0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 looks up `most_a_week`; 1 one every other week, under cases entered for them.
        most_a_week: people a week at stealth 0, 1–10.
        sections: where the actor works.
        evade: switches of a careful actor.
    """

    stealth: float = 0.5
    most_a_week: int = 6
    sections: tuple[str, ...] = ("income_tax", "collection", "citizen", "insurance")
    evade: Evasion = _EVADE

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_a_week=(self.most_a_week, 1, 10))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one sale after another: strangers, week by week, each in the place of a case of the actor's own."""
    actor = ctx.peek(ctx.employed(ctx.staff(*p.sections), "fiscal_year", "dispatched"))
    if actor is None:
        return
    strangers = ctx.circle.adults(high=75)
    ctx.story.motive, ctx.story.relation = "money", "stranger wanted by a detective"
    a_week = max(0.5, p.most_a_week * (1 - p.stealth))
    for week in range(0, ctx.last_day + 1, _WEEK):
        days = (week, min(week + _WEEK - 1, ctx.last_day))
        for _ in range(int(a_week) + ctx.rng.chance(a_week % 1)):
            victim = ctx.rng.choice(strangers)
            taken = sit_down(ctx, [actor], victim, p, days)
            if taken is None:
                break
            yield from visit(ctx, taken, victim, stage="order", evade=p.evade)
    sold = len(ctx.story.victims)
    ctx.story.story_ja = f"職員が、調査会社に頼まれ、見ず知らずの{sold}人の住所や世帯を1件数千円で漏らし続けた。"
    ctx.story.story_en = f"An official sold the addresses of {sold} strangers to a detective agency, a few each week."


ARCHETYPE = Archetype(
    name="M07",
    title_ja="調査会社への継続的な売却",
    title_en="steady sale to a detective",
    looks=__doc__,
    signals=("no case of this resident", "view without issue", "breadth of districts over months"),
    sources=(
        "船橋市 2007–12: a part-timer of the tax section sold records to a detective",
        "ハローワーク横浜 2011–12: about 3,000 job histories; 48,000 looked up beside peers' 45,000",
        "豊田市 c. 2025: an official with a side business, about 70 clients",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("police", 8), ("complaint", 1)), (200, 3600), (("prosecution", 8), ("dismissal", 2))),
)
