"""M16 training on real people (grey): new staff practise with their own, a celebrity's or a colleague's name.

From outside: in the first weeks after the start of work, records without a case, of well-known names or of the own
section. It resembles the lawful practice on test records; whether it is allowed is a matter of the house rules.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import BORROWED, Evasion, sit_down, visit

_WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 opens `most_people`; 1 the own record.
        most_people: records at stealth 0, 1–8.
        evade: switches; nobody who practises hides, so the default has none.
    """

    stealth: float = 0.0
    most_people: int = 4
    evade: Evasion = BORROWED

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 1, 8))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one newcomer's practice, each record in the place of an own case of the first weeks."""
    actor = ctx.peek(ctx.newest())
    if actor is None:
        return
    own = ctx.own_record(actor)
    names = [] if own is None else [own]
    names += ctx.figures("celebrity", "politician")[:3] + ctx.colleagues(actor)[:4]
    wanted = max(1, round(p.most_people * (1 - p.stealth)))
    ctx.story.motive, ctx.story.relation = "practice", "familiar name"
    first = ctx.working_day([actor], ctx.last_day)
    for number, record in enumerate(names[:wanted]):
        taken = sit_down(ctx, [actor], record, p, (max(0, first - _WEEKS * 7), first))
        if taken is None:
            return
        ctx.story.story_ja = f"新任職員が、操作の練習として、本人や知られた名前など{number + 1}件の実在の記録を開いた。"
        ctx.story.story_en = f"A newcomer practised on {number + 1} real record(s): the own and familiar names."
        yield from visit(ctx, taken, record, stage="practice", evade=p.evade)


ARCHETYPE = Archetype(
    name="M16",
    title_ja="研修・練習での実在者の閲覧",
    title_en="training on real people",
    looks=__doc__,
    signals=("actor is new", "familiar names", "no case of this resident"),
    sources=("大阪市 2010–14: 151 staff (15.4 %) looked up real people in training (the city's own notice)",),
    params=Params,
    kind=Kind.GREY,
    plan=plan,
    end=End((("log_check", 1), ("none", 9)), (10, 900), (("none", 8), ("warning", 2))),
)
