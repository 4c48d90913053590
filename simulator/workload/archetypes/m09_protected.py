"""M09 locating a protected person: an unrelated section looks for somebody whose address is hidden.

From outside: a touch on a protected record, an alert or a refusal; then, by those who do not give up, the record of a
child or another relative, in another system. It resembles the yearly renewal and the alert that a clerk
meets by mistake.
"""

from dataclasses import dataclass

import polars as pl

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import OPEN, Evasion, sit_down, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 asks for the record itself; 1 goes by relatives and never touches it.
        most_tries: looks until it is given up, 1–6.
        sections: where the actor works; empty for anywhere.
        evade: switches of a careful actor.
    """

    stealth: float = 0.5
    most_tries: int = 3
    sections: tuple[str, ...] = ()
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_tries=(self.most_tries, 1, 6))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one search: the record, then relatives after a refusal, until something was shown."""
    victim = _protected(ctx)
    if victim is None:
        return
    actors = ctx.staff(*p.sections)
    ctx.story.motive, ctx.story.relation = "for the other party", "protected person"
    ways = _ways(ctx, p, victim)
    for tries, (record, stage) in enumerate(ways[: p.most_tries], start=1):
        taken = sit_down(ctx, actors, victim, p, (0, ctx.last_day))
        if taken is None:
            return
        actors = [taken.staff_no]
        ctx.story.story_ja = f"職員が、支援措置の相手方に頼まれ、避難している人の居所を{tries}通りの方法で探した。"
        ctx.story.story_en = f"For the other party an official looked for a protected person, in {tries} way(s)."
        shown = yield from visit(ctx, taken, record, stage=stage, evade=p.evade)
        if shown and record == victim:
            return


def _ways(ctx: Context, p: Params, victim: int) -> list[tuple[int, str]]:
    """Whose records are tried in turn: the person's own unless careful, then relatives."""
    kin = ctx.circle.kin(victim)
    around = [(kin.pop(ctx.rng.below(len(kin))), "by a relative") for _ in range(min(len(kin), p.most_tries))]
    direct = [(victim, "direct")]
    if not around:
        return direct * p.most_tries
    return around if ctx.rng.chance(p.stealth) else direct + around


def _protected(ctx: Context) -> int | None:
    """Somebody who is protected for the whole window, else at all; a grown-up where there is one."""
    rows = ctx.town.protections.sort("resident_no")
    whole = rows.filter(pl.col("valid_from") <= ctx.town.window.start, pl.col("valid_to") >= ctx.town.window.end)
    for frame in (whole, rows):
        found = [int(no) for no in frame["resident_no"] if not ctx.circle.staffed[no]]
        grown = [no for no in found if ctx.circle.age[no] >= 18]  # noqa: PLR2004 - of age
        if found:
            return ctx.rng.choice(grown or found)
    return None


ARCHETYPE = Archetype(
    name="M09",
    title_ja="支援措置対象者の居所探索",
    title_en="locating a protected person",
    looks=__doc__,
    signals=("alert or refusal by an unrelated section", "kin of a protected person", "no case of this resident"),
    sources=(
        "逗子市 2012: an address given by telephone to a man who posed as the husband",
        "Queensland 2014–19: a police officer gave a victim's address to her former husband",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("complaint", 6), ("police", 4)), (1, 300), (("suspension", 5), ("dismissal", 4))),
)
