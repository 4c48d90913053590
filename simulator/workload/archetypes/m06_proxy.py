"""M06 proxy: an entitled colleague looks somebody up for one who has no entitlement.

From outside: a property-tax official searches for a man and opens his record between two cases of the day, in a system
where that is daily work. It resembles the tracing of an owner and the written enquiry of another section; only the
case list does not know this resident. Less careful actors come back on other days to see whether he has moved.
"""

from dataclasses import dataclass

import polars as pl

from simulator.workload.archetype import Archetype, Plan, Step, looks, retarget
from simulator.workload.episodes import Context
from simulator.workload.sections import BY_CODE

_AGES = (25, 65)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 returns up to `most_visits` times and borrows the number at hand; 1 looks once and leaves no case.
        most_visits: visits at stealth 0, 1–6.
        askers: section of the colleague without entitlement.
        helpers: section of the actor.
    """

    stealth: float = 0.5
    most_visits: int = 3
    askers: str = "assembly"
    helpers: str = "property_tax"

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        if not 0 <= self.stealth <= 1 or not 1 <= self.most_visits <= 6:  # noqa: PLR2004 - the documented range
            msg = "stealth must lie in 0–1 and most_visits in 1–6"
            raise ValueError(msg)


def plan(ctx: Context, p: Params) -> Plan:
    """Play one favour: one or several looks at one man, each in the place of a case of the actor's own."""
    asker, actors = ctx.rng.choice(ctx.staff(p.askers)), ctx.staff(p.helpers)
    victim = _man(ctx)
    story = ctx.story
    story.instigator, story.victims = asker, [victim]
    story.motive, story.relation = "favour", "acquaintance of a colleague"
    last = ctx.town.window.day_count - 1
    visits = 1 + ctx.rng.below(max(1, round((p.most_visits - 1) * (1 - p.stealth)) + 1))
    for visit in range(visits):
        taken = ctx.take(actors, 0, last)
        if taken is None:
            return
        _tell(ctx, p, visit)
        actors = [taken.staff_no]
        careful = ctx.rng.chance(p.stealth)
        if careful:
            ctx.hide(taken)
        number = ctx.own_number(taken)
        status = "none" if number is None else "forged" if careful else "borrowed"
        for row in looks(taken):
            stage = "first look" if visit == 0 else "return"
            outcome = yield Step(retarget(row, victim, number), row["request_no"], stage, status)
            if not outcome.granted:
                break


def _tell(ctx: Context, p: Params, returns: int) -> None:
    ja = BY_CODE[p.helpers].title, BY_CODE[p.askers].title
    again = (f"その後{returns}回、記録を見直した。", f" They came back {returns} time(s).") if returns else ("", "")
    ctx.story.story_ja = (
        f"{ja[0]}の職員が、照会権限のない{ja[1]}の同僚に頼まれ、ある男性の住所を調べて伝えた。{again[0]}"
    )
    ctx.story.story_en = (
        f"An official of section {p.helpers} looked up a man's address for a colleague of section {p.askers}, "
        f"who has no entitlement.{again[1]}"
    )


def _man(ctx: Context) -> int:
    year = ctx.town.window.start.year
    staff = ctx.office.staff["resident_no"].drop_nulls()
    men = ctx.town.residents.filter(
        pl.col("sex") == "male",
        (year - pl.col("birth_date").dt.year()).is_between(*_AGES),
        pl.col("resident_since") < ctx.town.window.start,
        ~pl.col("resident_no").is_in(staff.implode()),
    ).sort("resident_no")
    return int(ctx.rng.choice(men["resident_no"].to_list()))


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
    plan=plan,
)
