"""M05 favour for a friend: a senior official finds somebody for an acquaintance outside the office.

From outside: one to three people of about one age, looked up once, no application. It resembles the telephone enquiry
that a desk answers and the search for an address to which a letter came back.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import OPEN, Evasion, several, sit_down, visit

_AGES, _SPAN = (30, 75), 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 looks up `most_people`; 1 one.
        most_people: people of one school year at stealth 0, 1–6.
        evade: switches of a careful actor.
    """

    stealth: float = 0.5
    most_people: int = 3
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 1, 6))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one favour: former classmates of a friend, each in the place of a case of the actor's own."""
    actors = ctx.employed(ctx.staff(), supervisor=True)
    friend = ctx.rng.choice(ctx.circle.adults(low=_AGES[0], high=_AGES[1]))
    age = int(ctx.circle.age[friend])
    year = [no for no in ctx.circle.adults(low=age - _SPAN, high=age + _SPAN) if no != friend]
    ctx.story.motive, ctx.story.relation = "favour", "lost contact of a friend"
    for number in range(min(several(ctx, p.most_people, p.stealth), len(year))):
        victim = year.pop(ctx.rng.below(len(year)))
        taken = sit_down(ctx, actors, victim, p, (0, ctx.last_day))
        if taken is None:
            return
        actors = [taken.staff_no]
        ctx.story.story_ja = f"管理職が、知人に頼まれ、同窓会の名簿のために{number + 1}人の住所を調べて教えた。"
        ctx.story.story_en = f"A senior official found {number + 1} address(es) for a friend's class reunion."
        yield from visit(ctx, taken, victim, stage="look", evade=p.evade)


ARCHETYPE = Archetype(
    name="M05",
    title_ja="知人の依頼による照会",
    title_en="favour for a friend outside",
    looks=__doc__,
    signals=("no case of this resident", "view without issue", "several targets of one age"),
    sources=("前橋市 2017: a section head gave a classmate's address for a reunion (朝日新聞, October 2017)",),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("complaint", 4), ("tip", 3), ("none", 3)), (30, 900), (("pay_cut", 5), ("reprimand", 3))),
)
