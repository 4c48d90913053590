"""M15 lingering and foreign rights: somebody uses the old duty after the transfer, or a duty never held.

From outside: requests for a purpose that is not the section's, refused; after that, what the new duty allows. It
resembles the help between sections in the season of moving, and the handing over of cases after a transfer.
"""

from dataclasses import dataclass

from simulator.workload.archetype import Archetype, End, Kind, Plan, Row, Step, Taken, check_knobs
from simulator.workload.context import ANY, Context
from simulator.workload.moves import OPEN, Evasion, Visit, ask, sit_down, title, visit
from simulator.workload.procedure import Procedure, procedures
from simulator.workload.sections import BRANCH_SECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 asks for the old purpose first; 1 only within the rights that there are.
        most_tries: requests for the old purpose at stealth 0, 1–6.
        evade: switches of a careful actor.
    """

    stealth: float = 0.4
    most_tries: int = 3
    evade: Evasion = OPEN

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_tries=(self.most_tries, 1, 6))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one transferred official: the old way first, then by the rights of the new post."""
    moved = [no for no in ctx.everybody() if _moved(ctx, no)]
    actor = ctx.peek(moved) or ctx.peek(ctx.staff())
    if actor is None:
        return
    duties = ctx.duties(actor)
    since = max(0, duties[-1][1])
    victim = ctx.rng.choice(ctx.circle.adults())
    ctx.story.motive, ctx.story.relation = "curiosity", "person of an old case" if actor in moved else "acquaintance"
    old = _old_work(ctx, duties)
    _tell(ctx, duties[-1][0], old, moved=actor in moved)
    for _ in range(round(p.most_tries * (1 - p.stealth))):
        taken = sit_down(ctx, [actor], victim, p, (since, ctx.last_day))
        if taken is None:
            return
        granted = yield from _the_old_way(ctx, taken, victim, old, p)
        if granted:
            return
    taken = sit_down(ctx, [actor], victim, p, (since, ctx.last_day))
    if taken is not None:
        yield from visit(ctx, taken, victim, stage="by the new post", evade=p.evade)


def _moved(ctx: Context, staff_no: int) -> bool:
    """Whether somebody came from another section and has had work at the new desk since."""
    duties = ctx.duties(staff_no)
    since = max(0, duties[-1][1])
    others = len({section for section, _ in duties}) > 1
    return others and len(ctx.suitable([staff_no], (since, ctx.last_day), ANY)) > 0


def _old_work(ctx: Context, duties: list[tuple[str, int]]) -> Procedure:
    """Work of the section before, else of any other, with a search and a view, for no purpose of the section now."""
    last = duties[-1][0]
    own = {k.purpose for k in procedures().values() if k.section == last or (k.branches and last in BRANCH_SECTIONS)}
    kinds = [k for k in procedures().values() if {"search", "view"} <= {act.action for act in k.acts}]
    foreign = [k for k in kinds if k.section and k.purpose not in own]
    return ctx.rng.choice([k for k in foreign if k.section == duties[0][0]] or foreign)


def _the_old_way(ctx: Context, taken: Taken, victim: int, old: Procedure, p: Params) -> Visit:
    number = ctx.own_number(taken) if old.numbered else None
    if victim not in ctx.story.victims:
        ctx.story.victims.append(victim)
    row: Row = next(row for row in taken.steps if row["action"] == "search")
    asked = ask({**row, "purpose": old.purpose, "system": old.system, "case_no": number}, victim, number, p.evade)
    outcome = yield Step(asked, row["request_no"], "by the old post", "none" if number is None else "borrowed")
    return outcome.granted


def _tell(ctx: Context, section: str, old: Procedure, *, moved: bool) -> None:
    ja = "に異動した職員が、前の事務" if moved else "の職員が、担当していない事務"
    ctx.story.story_ja = f"{title(section)}{ja}（{old.title_ja}）の名目で住民の記録を開こうとした。"
    en = "the work of the post before" if moved else "a duty never held"
    ctx.story.story_en = f"An official asked for {old.title_en}, {en}."


ARCHETYPE = Archetype(
    name="M15",
    title_ja="異動後・担当外の権限の使用",
    title_en="lingering and foreign rights",
    looks=__doc__,
    signals=("purpose of another section", "refusals", "no case of this resident"),
    sources=(
        "延岡市 2015: staff without the right to Juki-net looked up celebrities (朝日新聞)",
        "釜石市 2015–22: an official went on after losing the entitlement (日本経済新聞, May 2022)",
        "Minnesota FY2012: accounts of former employees still in use (Office of the Legislative Auditor)",
    ),
    params=Params,
    kind=Kind.MISUSE,
    plan=plan,
    end=End(
        (("tip", 4), ("log_check", 3), ("none", 3)), (30, 2400), (("reprimand", 5), ("warning", 3), ("dismissal", 1))
    ),
)
