"""E3 wrong namesake (error): the record of another person of the same name is worked at to the end.

From outside: search, view and issue about somebody whose case it is not, with the surname of the one whose case it is.
Nobody meant harm; the certificate shows a stranger's address.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import TO_THE_END, Evasion, visit

_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 or more: an error hides nothing.
        evade: the case runs to its end, so `cover` is on.
    """

    stealth: float = 0.0
    evade: Evasion = TO_THE_END

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth)


def plan(ctx: Context, p: Params) -> Plan:
    """Play one mistake: the case of one is worked at in the record of another of the same surname."""
    for _ in range(_TRIES):
        taken = ctx.take(ctx.staff())
        if taken is None:
            return
        others = ctx.circle.namesakes(taken.resident_no) if taken.resident_no >= 0 else []
        near = [no for no in others if ctx.circle.male[no] == ctx.circle.male[taken.resident_no]]
        if near:
            victim = min(near, key=lambda no: (abs(int(ctx.circle.age[no] - ctx.circle.age[taken.resident_no])), no))
            ctx.story.motive, ctx.story.relation = "mistaken for another", "namesake"
            ctx.story.story_ja = "同姓の別人の記録を開いたまま手続きを進め、他人の情報を出してしまった。"
            ctx.story.story_en = "The record of another person of the same surname was taken for the applicant's."
            yield from visit(ctx, taken, victim, stage="mistake", evade=p.evade)
            return


ARCHETYPE = Archetype(
    name="E3",
    title_ja="同姓の別人の記録での処理（過誤）",
    title_en="wrong namesake (error)",
    looks=__doc__,
    signals=("case of another resident of the same surname",),
    sources=("domain.md 4.3: class of non-malicious errors; rate ASSUMED",),
    params=Params,
    kind=Kind.ERROR,
    plan=plan,
    end=End((("complaint", 3), ("log_check", 1)), (1, 60), (("none", 2), ("warning", 3))),
)
