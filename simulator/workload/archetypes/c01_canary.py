"""C01 canary: everything that no careful person does, in one night, so that whoever cannot see it sees nothing.

From outside: on a closed day, late at night, somebody who is on no roster fails to log on, logs on, searches the whole
town, asks for the work of another section, is refused, and opens the own record, the family, protected and well-known
people and then a hundred with whom a few of other sections are busy, under a case of one of those. It is somebody of a
branch, where there is one: those share the fewest people with the rest. Nothing lawful resembles it. It tries a
detector out, like the first scenario of the Fraud Detection Handbook's simulator: it is declared in the manifest, and
labelled grey, so no score counts it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from simulator.access import AccessRequest
from simulator.clock import JST
from simulator.workload.archetype import Archetype, End, Kind, Plan, Row, Step, check_knobs
from simulator.workload.context import LOOKING, Context
from simulator.workload.sections import BRANCH_SECTIONS

_SUNDAY, _NIGHT = 6, (22, 40)
_APART_S = 35
_PEOPLE, _FEW = 100, 3
_LOGON: Row = {"action": "login", "screen": "logon", "purpose": "none"}
_TOWN: Row = {"search": "kana", "match": "partial", "typed": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 or more: a canary hides nothing.
        most_people: records that are opened, 4–100.
    """

    stealth: float = 0.0
    most_people: int = _PEOPLE

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 4, _PEOPLE))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one night: a failed log-on, a log-on, a search of everybody, record after record, the log-off."""
    actor = _busiest(ctx)
    if actor is None:
        return
    wanted, usual = _wanted(ctx, actor)[: p.most_people], ctx.sample(actor)
    _tell(ctx, wanted)
    foreign = ctx.others_cases(actor).select("case_no", "purpose", "system").head(1).to_dicts()
    stated = {"case_no": foreign[0]["case_no"]} if foreign else {}
    search, view = (_like(usual, action) | stated | {"target": wanted[0]} for action in ("search", "view"))
    refused = [view | foreign[0] | {"target": wanted[-1]}] if foreign else []
    looks = [search | _TOWN, search | _TOWN, *refused, *(view | {"target": victim} for victim in wanted)]
    asked = [_LOGON | {"failed": True}, _LOGON, *looks, _LOGON | {"action": "logout"}]
    night = _night(ctx) | {name: usual[0][name] for name in ("staff_no", "terminal", "auth_method")}
    for number, values in enumerate(asked):
        late = timedelta(seconds=_APART_S * number + ctx.rng.below(9), milliseconds=ctx.rng.below(1000))
        own = {"request_no": ctx.rng.word(), "tie": ctx.rng.word(), "at": night["at"] + late}
        yield Step(AccessRequest(**{**night, **values, **own}), None, "canary", "borrowed")


def _busiest(ctx: Context) -> int | None:
    """Who lives here and has most cases with a search and a look, of a branch if there is one."""
    load, here = ctx.caseload, set(ctx.office.sections["section"])
    branches = [name for name in BRANCH_SECTIONS if name in here]
    of_branches = set(ctx.staff(*branches)) if branches else set()
    asked = {no: len(load.having(load.of_staff([no], 0, ctx.last_day), LOOKING)) for no in ctx.residents(ctx.staff())}
    return max((no for no in asked if asked[no]), key=lambda no: (no in of_branches, asked[no], no), default=None)


def _tell(ctx: Context, wanted: list[int]) -> None:
    ctx.story.motive, ctx.story.relation, ctx.story.victims = "none: a canary", "everybody", sorted(wanted)
    ctx.story.story_ja = f"検知器の試験用の事案。閉庁日の夜間に、本人・家族・著名人など{len(wanted)}人の記録を開いた。"
    ctx.story.story_en = f"Made to try detectors out: {len(wanted)} records opened in the night of a closed day."


def _wanted(ctx: Context, actor: int) -> list[int]:
    """The own record and family, then protected and well-known people and colleagues, then customers of few others."""
    own = ctx.own_record(actor)
    family = [] if own is None else [own, *ctx.circle.home(own), *ctx.circle.kin(own)]
    guarded = [int(no) for no in ctx.town.protections["resident_no"].sort() if ctx.circle.settled[int(no)]]
    known = [*guarded[:3], *ctx.figures("celebrity", "politician", "newsworthy")[:3], *ctx.colleagues(actor)[-3:]]
    return list(dict.fromkeys([*family[:5], *known, *_of_few(ctx, actor)]))


def _of_few(ctx: Context, actor: int) -> list[int]:
    """One of each household whose cases are all with a few people of other sections; most cases first."""
    cases = ctx.others_cases(actor)
    home = ctx.circle.number["household"][cases["resident_no"].to_numpy()]
    homes = cases.with_columns(home=pl.Series(home)).group_by("home")
    found = homes.agg(pl.len(), pl.col("resident_no").min(), few=pl.col("staff_no").n_unique() <= _FEW).filter("few")
    return [int(no) for no in found.sort("len", "home", descending=[True, False])["resident_no"].head(_PEOPLE)]


def _night(ctx: Context) -> Row:
    """A session of its own, late on a Sunday if the window has one."""
    days = [day for day in ctx.town.window.days() if day.weekday() == _SUNDAY] or list(ctx.town.window.days())
    day = days[ctx.rng.below(len(days))]
    return {"session_key": ctx.rng.word(), "at": datetime(day.year, day.month, day.day, *_NIGHT, tzinfo=JST)}


def _like(usual: list[Row], action: str) -> Row:
    """What is asked, as the actor asks it by day."""
    row = next(row for row in usual if row["action"] == action)
    names = ("system", "screen", "action", "purpose", "target", "search", "match", "typed", "dwell_s")
    return {name: row[name] for name in names}


ARCHETYPE = Archetype(
    name="C01",
    title_ja="カナリア（検知器の試験用）",
    title_en="canary: for trying detectors out",
    looks=__doc__,
    signals=("hour", "closed day", "failed log-on", "own record", "protected resident", "case of another section"),
    sources=("Fraud Detection Handbook, simulator, scenario 1: trivial by design and declared as such",),
    params=Params,
    kind=Kind.CANARY,
    plan=plan,
    end=End((("none", 1),), (1, 1), (("none", 1),)),
)
