"""M04 self and family: an official opens the own record, that of relatives, or a family tree.

From outside: operator and resident share a household, a surname or a parent. It resembles the lawful service of a
relative or of a namesake by a colleague, and every common surname produces it by chance.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import BY_ANOTHER_HAND, Evasion, sit_down, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 opens up to `most_people`, the own record first; 1 one relative of another household.
        most_people: records at stealth 0, 1–12.
        evade: switches of a careful actor; careful looks are made in a colleague's session.
    """

    stealth: float = 0.5
    most_people: int = 4
    evade: Evasion = BY_ANOTHER_HAND

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 1, 12))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one look at the family: own record, household, kin elsewhere, each in the place of an own case."""
    actor = ctx.peek([no for no in ctx.residents(ctx.staff()) if _family(ctx, no)])
    if actor is None:
        return
    wanted = max(1, round(p.most_people * (1 - p.stealth)))
    ctx.story.motive = "family business"
    for number, (victim, relation) in enumerate(_chosen(ctx, actor, p, wanted)):
        taken = sit_down(ctx, [actor], victim, p, (0, ctx.last_day))
        if taken is None:
            return
        ctx.story.relation = relation
        _tell(ctx, relation, number + 1)
        yield from visit(ctx, taken, victim, stage=relation, evade=p.evade)


def _family(ctx: Context, actor: int) -> list[int]:
    own = ctx.own_record(actor)
    return [] if own is None else ctx.circle.kin(own)


def _chosen(ctx: Context, actor: int, p: Params, wanted: int) -> list[tuple[int, str]]:
    """The own record first unless careful, then kin in a random order; with what each is to the actor."""
    own = ctx.own_record(actor)
    assert own is not None  # noqa: S101 - only residents are drawn
    home = set(ctx.circle.home(own))
    kin = _family(ctx, actor)
    far = [no for no in kin if no not in home] or kin
    pool = far if p.stealth > 0.5 else kin  # noqa: PLR2004 - the middle of the range
    drawn = [pool.pop(ctx.rng.below(len(pool))) for _ in range(min(wanted, len(pool)))]
    named = [(no, "household" if no in home else "kin") for no in drawn]
    return named if p.stealth > 0.5 else [(own, "self"), *named][:wanted]  # noqa: PLR2004 - the middle of the range


def _tell(ctx: Context, relation: str, count: int) -> None:
    ja = {"self": "本人", "household": "同一世帯の家族", "kin": "別世帯の親族"}[relation]
    ctx.story.story_ja = f"職員が、私用で{ja}を含む{count}人の記録を閲覧した。"
    ctx.story.story_en = f"For private ends an official looked up {count} record(s) of the own family ({relation})."


ARCHETYPE = Archetype(
    name="M04",
    title_ja="本人・家族・親族の閲覧",
    title_en="own record, family and family tree",
    looks=__doc__,
    signals=("actor is, lives with or is kin of the resident", "surname of the actor", "no case of this resident"),
    sources=(
        "大阪市 2010–14: family trees and inheritances; 44 of 56 self-reports (copy of a 産経新聞 report)",
        "Minnesota FY2012: more than a third of users searched themselves (Office of the Legislative Auditor)",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("own_log_request", 2), ("log_check", 2), ("none", 6)), (30, 1400), (("warning", 7), ("reprimand", 3))),
)
