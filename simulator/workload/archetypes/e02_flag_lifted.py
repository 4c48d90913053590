"""E2 flag not restored (error): a certificate goes to the other party because a protection was overlooked.

From outside: an application like any other, by somebody of the household of former days; only the register of
protection measures says that it should have been refused. Nobody meant harm.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import TO_THE_END, Evasion, sit_down, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 or more: an error hides nothing.
        evade: the certificate is issued, so `cover` is on.
    """

    stealth: float = 0.0
    evade: Evasion = TO_THE_END

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth)


def plan(ctx: Context, p: Params) -> Plan:
    """Play one application about a protected resident that runs to its end like others."""
    protected = sorted({int(no) for no in ctx.town.protections["resident_no"] if ctx.circle.settled[int(no)]})
    victim = ctx.rng.choice(protected or ctx.circle.adults())
    taken = sit_down(ctx, ctx.staff(), victim, p, (0, ctx.last_day))
    if taken is None:
        return
    ctx.story.motive, ctx.story.relation = "overlooked measure", "protected person"
    ctx.story.story_ja = "一括処理で外した支援措置の表示が戻されず、相手方の請求の手続きを進めてしまった。"
    ctx.story.story_en = (
        "A protection flag was not restored after a list, and the other party's application went through."
    )
    yield from visit(ctx, taken, victim, stage="application", evade=p.evade)


ARCHETYPE = Archetype(
    name="E2",
    title_ja="支援措置の表示の戻し忘れ（過誤）",
    title_en="protection flag not restored (error)",
    looks=__doc__,
    signals=("protected resident", "application by the other party"),
    sources=("薩摩川内市 2022: the flag lifted for a list and not restored; settlement of ¥702,800 (南日本新聞)",),
    params=Params,
    kind=Kind.ERROR,
    plan=plan,
    end=End((("complaint", 1),), (1, 120), (("warning", 3), ("reprimand", 1))),
)
