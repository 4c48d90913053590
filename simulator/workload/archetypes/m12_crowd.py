"""M12 crowd: many entitled staff look up one resident of whom everybody talks.

From outside: within days several people of several offices open one record and close it again. It resembles the visit
of a family to section after section when somebody has died. Nobody looks more than once or twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, Taken, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import OPEN, Evasion, take_as, visit
from simulator.workload.sections import BRANCH_SECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 within two days of the news; 1 over `most_days`.
        actors: how many look, 2–50.
        most_days: days over which they look at stealth 1, 2–90.
        sections: where they work.
        evade: switches of careful actors.
    """

    stealth: float = 0.3
    actors: int = 7
    most_days: int = 14
    sections: tuple[str, ...] = BRANCH_SECTIONS
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, actors=(self.actors, 2, 50), most_days=(self.most_days, 2, 90))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one piece of news: each actor looks once, in the place of a case of their own."""
    victim = _newsworthy(ctx)
    spread = max(2, round(p.most_days * p.stealth))
    day = ctx.working_day(ctx.staff(*p.sections), ctx.last_day - spread)
    story = ctx.story
    story.victims, story.motive, story.relation = [victim], "curiosity", "newsworthy resident"
    played = 0
    for taken in _turns(ctx, p, day, spread):
        played += 1
        yield from visit(ctx, taken, victim, stage="look", evade=p.evade)
    offices = len(p.sections)
    story.story_ja = f"話題になった患者1人の記録を、{offices}つの支所の権限ある職員{played}人が興味本位で閲覧した。"
    story.story_en = f"{played} entitled staff of {offices} branch offices looked up one newsworthy patient."


def _turns(ctx: Context, p: Params, day: int, spread: int) -> Iterator[Taken]:
    """A case each of up to `p.actors` people, one of every section first; each case is as likely as its section's next.

    Where nobody of a section is at work in the days of the news, somebody looks later.
    """
    idle = ctx.staff(*p.sections)
    first = [set(ctx.staff(section)) for section in p.sections]
    for turn in range(len(first) + p.actors):
        desks = [no for no in idle if turn >= len(first) or no in first[turn]]
        taken = take_as(ctx, desks, p, (day, day + spread)) or take_as(ctx, desks, p, (day, day + 2 * p.most_days))
        if taken is not None:
            idle.remove(taken.staff_no)
            yield taken
        if (taken is None and turn >= len(first)) or len(ctx.story.looked) == p.actors:
            return


def _newsworthy(ctx: Context) -> int:
    known = [no for no in ctx.figures("newsworthy") if not ctx.circle.staffed[no]]
    return ctx.rng.choice(known or ctx.circle.adults(low=1, high=100))


ARCHETYPE = Archetype(
    name="M12",
    title_ja="話題の人への集中閲覧",
    title_en="crowd on one newsworthy resident",
    looks=__doc__,
    signals=("many actors on one resident", "no case of this resident", "view without issue"),
    sources=(
        "横手市 2020–21: seven staff of four branch offices looked up one patient (the city's own notice, 2021)",
        "Minnesota FY2012: 158 queries by 110 users on one victim in a month (Office of the Legislative Auditor)",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End((("complaint", 5), ("media", 2), ("log_check", 1)), (20, 400), (("warning", 7), ("reprimand", 2))),
)
