"""M02 acquaintances: over months an official opens the records of people of the own daily life.

From outside: now and then a neighbour, a former classmate, a colleague, among the cases of the day. It resembles the
service of a small district, where staff and citizens know each other and many lawful cases are about acquaintances.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import BY_ANOTHER_HAND, Evasion, sit_down, visit

CIRCLES = ("neighbour", "classmate", "friend", "colleague")
_JA = {"neighbour": "近所の住民", "classmate": "同級生", "friend": "知人", "colleague": "同僚"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 opens `most_people`; 1 two, in others' sessions and cases entered for them.
        most_people: people at stealth 0, 2–40.
        circles: which kinds of acquaintance.
        evade: switches of a careful actor; careful looks are made in a colleague's session.
    """

    stealth: float = 0.5
    most_people: int = 12
    circles: tuple[str, ...] = CIRCLES
    evade: Evasion = BY_ANOTHER_HAND

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 2, 40))
        unknown = set(self.circles) - set(CIRCLES)
        if unknown or not self.circles:
            msg = f"circles must be of {', '.join(CIRCLES)}, not {sorted(unknown)}"
            raise ValueError(msg)


def plan(ctx: Context, p: Params) -> Plan:
    """Play one curious official: acquaintances one after the other, each in the place of a case of the actor's own."""
    actor = ctx.peek(ctx.residents(ctx.staff()))
    if actor is None:
        return
    known = acquaintances(ctx, actor, p.circles)
    wanted = 2 + round((p.most_people - 2) * (1 - p.stealth))
    ctx.story.motive, ctx.story.relation = "curiosity", "acquaintance"
    for number in range(min(wanted, len(known))):
        victim, circle = known.pop(ctx.rng.below(len(known)))
        taken = sit_down(ctx, [actor], victim, p, (0, ctx.last_day))
        if taken is None:
            return
        ctx.story.relation = circle
        _tell(ctx, circle, number + 1)
        yield from visit(ctx, taken, victim, stage="look", evade=p.evade)


def acquaintances(ctx: Context, actor: int, circles: tuple[str, ...]) -> list[tuple[int, str]]:
    """Residents whom `actor` knows, with the kind of acquaintance; each once."""
    own = ctx.own_record(actor)
    found: dict[int, str] = {}
    for circle in circles:
        if circle == "colleague":
            near = ctx.colleagues(actor)
        elif own is None:
            near = []
        else:
            near = ctx.circle.neighbours(own) if circle == "neighbour" else ctx.circle.related(own, circle)
        found.update({no: circle for no in near[:20] if no not in found and no != own})
    return sorted(found.items())


def _tell(ctx: Context, circle: str, count: int) -> None:
    ctx.story.story_ja = f"職員が、{_JA[circle]}など身近な人{count}人の記録を業務外で閲覧した。"
    ctx.story.story_en = f"An official looked up {count} people of the own daily life, among them a {circle}."


ARCHETYPE = Archetype(
    name="M02",
    title_ja="知人・近隣・同僚の閲覧",
    title_en="acquaintances, neighbours and colleagues",
    looks=__doc__,
    signals=("targets near the actor's home, school or work", "no case of this resident", "view without issue"),
    sources=(
        "印西市 2021–22: a tax official looked up four people of the own daily area (toneshinpo.com)",
        "四日市市 2018–19: 17 people of four households, found by a citizen's request for the log",
        "山口県 2021–23: 104 people, mostly colleagues, in car-tax data",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End(
        (("complaint", 4), ("own_log_request", 2), ("tip", 2), ("none", 2)),
        (25, 900),
        (("pay_cut", 4), ("reprimand", 4), ("warning", 4)),
    ),
)
