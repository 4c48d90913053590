"""M14 harassment at work: an official collects what the register says of colleagues and their families.

From outside: records of members of staff and of their households, one after another. It resembles the lawful service
of colleagues, who are residents too, and the checks of family allowances.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import Evasion, sit_down, visit

_EVADE = Evasion(session="colleague")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 opens records of `most_colleagues` and of a relative of each; 1 of one or two.
        most_colleagues: colleagues at stealth 0, 1–30.
        evade: switches of a careful actor; the published case used sessions that others had left open.
    """

    stealth: float = 0.5
    most_colleagues: int = 8
    evade: Evasion = _EVADE

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_colleagues=(self.most_colleagues, 1, 30))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one campaign: colleagues and their households, each in the place of a case."""
    actor = ctx.peek(ctx.staff())
    if actor is None:
        return
    known = ctx.colleagues(actor)
    own = ctx.own_record(actor)
    wanted = max(1, round(p.most_colleagues * (1 - p.stealth)))
    ctx.story.motive, ctx.story.relation = "harassment", "colleague or their family"
    for number, colleague in enumerate([no for no in known if no != own][:wanted]):
        family = [no for no in ctx.circle.home(colleague) if no != own]
        for record in [colleague, *family[: ctx.rng.below(2)]]:
            taken = sit_down(ctx, [actor], record, p, (0, ctx.last_day))
            if taken is None:
                return
            ctx.story.story_ja = f"職員が、同僚{number + 1}人とその家族の記録を集め、嫌がらせに使った。"
            ctx.story.story_en = (
                f"An official collected records of {number + 1} colleague(s) and their families to harass them."
            )
            stage = "colleague" if record == colleague else "family"
            yield from visit(ctx, taken, record, stage=stage, evade=p.evade)


ARCHETYPE = Archetype(
    name="M14",
    title_ja="職場の嫌がらせ目的の閲覧",
    title_en="harassment of colleagues",
    looks=__doc__,
    signals=("target is staff or of their household", "no case of this resident", "session of a colleague"),
    sources=("平塚市 2017–22: about 70 colleagues' data, from terminals that others had left logged on (共同通信)",),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("complaint", 5), ("tip", 3), ("police", 2)), (200, 1700), (("suspension", 8), ("dismissal", 2))),
)
