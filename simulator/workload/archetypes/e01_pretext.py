"""E1 pretext call (error): a helpful official answers a caller who poses as a relative or another office.

From outside: a look at the record and the household, no application, no certificate, like every telephone enquiry.
Nobody meant harm; the address is out all the same.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import BORROWED, Evasion, sit_down, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 one call; 1 too: an error hides nothing.
        most_calls: calls until somebody answers, 1–3.
        evade: no switch is meant for it; a caller gives name and address.
    """

    stealth: float = 0.0
    most_calls: int = 1
    evade: Evasion = BORROWED

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_calls=(self.most_calls, 1, 3))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one caller: one official after another until an address was seen."""
    protected = [int(no) for no in ctx.town.protections["resident_no"] if ctx.circle.settled[int(no)]]
    victim = ctx.rng.choice(sorted(protected) or ctx.circle.adults())
    ctx.story.motive, ctx.story.relation = "deceived by a caller", "victim of a caller"
    for call in range(1 + ctx.rng.below(p.most_calls)):
        taken = sit_down(ctx, ctx.staff(), victim, p, (0, ctx.last_day))
        if taken is None:
            return
        ctx.story.story_ja = f"親族や他官署を装う電話に{call + 1}人の職員が応じ、住所を調べて教えてしまった。"
        ctx.story.story_en = f"{call + 1} official(s) answered a caller who posed as a relative and gave an address."
        shown = yield from visit(ctx, taken, victim, stage="call", evade=p.evade)
        if shown:
            return


ARCHETYPE = Archetype(
    name="E1",
    title_ja="なりすまし電話への回答（過誤）",
    title_en="pretext call answered (error)",
    looks=__doc__,
    signals=("view without issue", "no case of this resident"),
    sources=("逗子市 2012: an address given to a caller who posed as the husband (reports of the damages suit)",),
    params=Params,
    kind=Kind.ERROR,
    plan=plan,
    end=End((("complaint", 5), ("police", 3)), (1, 90), (("warning", 4), ("reprimand", 2), ("suspension", 1))),
)
