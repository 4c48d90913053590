"""M06 proxy: an entitled colleague looks somebody up for one who has no entitlement.

From outside: a property-tax official searches for a man and opens his record between two cases of the day, in a system
where that is daily work. It resembles the tracing of an owner and the written enquiry of another section; only the
case list does not know this resident. Less careful actors come back on other days to see whether he has moved.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, check_knobs
from simulator.workload.context import Context
from simulator.workload.moves import OPEN, Evasion, several, sit_down, title, visit

_AGES = (25, 65)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 returns up to `most_visits` times and borrows the number at hand; 1 looks once, under a case entered
            for it.
        most_visits: visits at stealth 0, 1–6.
        askers: section of the colleague without entitlement.
        helpers: section of the actor.
        evade: switches of a careful actor.
    """

    stealth: float = 0.5
    most_visits: int = 3
    askers: str = "assembly"
    helpers: str = "property_tax"
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_visits=(self.most_visits, 1, 6))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one favour: one or several looks at one man, each in the place of a case of the actor's own."""
    asker, actors = ctx.rng.choice(ctx.staff(p.askers)), ctx.staff(p.helpers)
    victim = ctx.rng.choice(ctx.circle.adults(low=_AGES[0], high=_AGES[1], male=True))
    ctx.story.instigator = asker
    ctx.story.motive, ctx.story.relation = "favour", "acquaintance of a colleague"
    for number in range(several(ctx, p.most_visits, p.stealth)):
        taken = sit_down(ctx, actors, victim, p, (0, ctx.last_day))
        if taken is None:
            return
        _tell(ctx, p, number)
        actors = [taken.staff_no]
        stage = "first look" if number == 0 else "return"
        yield from visit(ctx, taken, victim, stage=stage, evade=p.evade)


def _tell(ctx: Context, p: Params, returns: int) -> None:
    ja = title(p.helpers), title(p.askers)
    again = (f"その後{returns}回、記録を見直した。", f" They came back {returns} time(s).") if returns else ("", "")
    ctx.story.story_ja = (
        f"{ja[0]}の職員が、照会権限のない{ja[1]}の同僚に頼まれ、ある男性の住所を調べて伝えた。{again[0]}"
    )
    ctx.story.story_en = (
        f"An official of section {p.helpers} looked up a man's address for a colleague of section {p.askers}, "
        f"who has no entitlement.{again[1]}"
    )


ARCHETYPE = Archetype(
    name="M06",
    title_ja="権限のない同僚のための代理照会",
    title_en="proxy for a colleague without entitlement",
    looks=__doc__,
    signals=("no case of this resident", "view without issue"),
    sources=(
        "高知 2022–23: news report of a property-tax official asked by a colleague of the assembly secretariat",
        "釜石市 2015–22: the register passed to a colleague who had lost the entitlement (日本経済新聞, May 2022)",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End(
        (("tip", 5), ("complaint", 3), ("media", 2)), (90, 2400), (("warning", 3), ("reprimand", 3), ("dismissal", 1))
    ),
)
