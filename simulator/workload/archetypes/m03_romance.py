"""M03 romance and stalking: the same record again and again, because somebody cannot let go.

From outside: one person's address, looked up on and off over months, most often after a change. It resembles a long
case, such as the collection of taxes, in which a clerk comes back to one record many times. The target may be a former
spouse, an acquaintance, or a customer whom the actor has served before.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, Taken, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import BY_ANOTHER_HAND, Evasion, sit_down, take_as, visit

_YOUNG, _OLD = 18, 60
_JA = {
    "former spouse": "元配偶者",
    "friend": "知人",
    "classmate": "同級生",
    "customer served before": "窓口で応対した市民",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 looks `most_visits` times; 1 twice, or a relative's record, under cases entered for it.
        most_visits: looks at stealth 0, 1–28 (the longest published series).
        evade: switches of a careful actor; careful returns are made in a colleague's session.
    """

    stealth: float = 0.5
    most_visits: int = 10
    evade: Evasion = BY_ANOTHER_HAND

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_visits=(self.most_visits, 1, 28))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one pursuit: the person, or a relative of theirs, on several days, each in the place of an own case."""
    first = take_as(ctx, ctx.staff(), p, (0, ctx.last_day // 2))
    if first is None:
        return
    actor, relation = first.staff_no, ""
    victim, relation = _wanted(ctx, first)
    ctx.story.motive, ctx.story.relation = "personal attachment", relation
    most = max(2, round(p.most_visits * (1 - p.stealth))) if p.most_visits > 1 else 1
    looked = 0
    taken: Taken | None = first
    while taken is not None and looked < most:
        record = _detour(ctx, victim) if looked and ctx.rng.chance(p.stealth / 2) else victim
        stage = "first look" if looked == 0 else "return" if record == victim else "by a relative"
        looked += 1
        _tell(ctx, relation, looked)
        yield from visit(ctx, taken, record, stage=stage, evade=p.evade)
        taken = sit_down(ctx, [actor], victim, p, (ctx.day_of(first), ctx.last_day))


def _wanted(ctx: Context, taken: Taken) -> tuple[int, str]:
    """A former spouse, an acquaintance of about the same age, or the customer of the taken case."""
    own = ctx.own_record(taken.staff_no)
    if own is not None:
        for relation in ("former_spouse", "friend", "classmate"):
            near = [no for no in ctx.circle.related(own, relation) if ctx.circle.male[no] != ctx.circle.male[own]]
            if near and (relation == "former_spouse" or ctx.rng.chance(0.4)):
                return ctx.rng.choice(near), relation.replace("_", " ")
    customer = taken.resident_no
    if customer >= 0 and _YOUNG <= ctx.circle.age[customer] <= _OLD:
        return customer, "customer served before"
    return ctx.rng.choice(ctx.circle.adults(low=_YOUNG, high=_OLD)), "met in private"


def _detour(ctx: Context, victim: int) -> int:
    """A relative through whom the whereabouts show as well."""
    kin = ctx.circle.kin(victim)
    return ctx.rng.choice(kin) if kin else victim


def _tell(ctx: Context, relation: str, looked: int) -> None:
    ctx.story.story_ja = f"職員が、私的な感情から{_JA.get(relation, '私生活で知り合った人')}の住所を{looked}回調べた。"
    ctx.story.story_en = (
        f"Out of a personal attachment an official looked up the address of a {relation} {looked} time(s)."
    )


ARCHETYPE = Archetype(
    name="M03",
    title_ja="恋愛・つきまとい目的の反復閲覧",
    title_en="romance and stalking",
    looks=__doc__,
    signals=("one actor returns to one resident", "no case of this resident", "view without issue"),
    sources=(
        "姫路市 2017: a short-term clerk visited a customer at home (神戸新聞, September 2017)",
        "仙台市 2022–23: an address looked up with a temporary card, stalking (NHK, December 2023)",
        "柏崎市 2015–18: one record opened 28 times in three years",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End(
        (("complaint", 7), ("police", 2), ("media", 1)),
        (20, 1100),
        (("suspension", 5), ("dismissal", 2), ("pay_cut", 2)),
    ),
)
