"""C01 canary: everything that no careful person does, in one night, so that whoever cannot see it sees nothing.

From outside: on a closed day, late at night, somebody who is on no roster fails to log on, logs on, searches the whole
town, asks for the work of another section, is refused, and opens the own record, the family, protected and well-known
people under a case of that section. Nothing lawful resembles it. It tries a detector out, like the first scenario of
the Fraud Detection Handbook's simulator: it is declared in the manifest, and labelled grey, so no score counts it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.access import AccessRequest
from simulator.clock import JST
from simulator.workload.archetype import Archetype, End, Kind, Plan, Row, Step, check_knobs
from simulator.workload.context import Context

_SUNDAY, _NIGHT = 6, (22, 40)
_APART_S = 35
_LOGON: Row = {"action": "login", "screen": "logon", "purpose": "none"}
_TOWN: Row = {"search": "kana", "match": "partial", "typed": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Knobs.

    Attributes:
        stealth: 0 or more: a canary hides nothing.
        most_people: records that are opened, 4–40.
    """

    stealth: float = 0.0
    most_people: int = 16

    def __post_init__(self) -> None:
        """Refuse knobs out of range."""
        check_knobs(self.stealth, most_people=(self.most_people, 4, 40))


def plan(ctx: Context, p: Params) -> Plan:
    """Play one night: a failed log-on, a log-on, a search of everybody, record after record, the log-off."""
    actor = ctx.peek(ctx.residents(ctx.staff()))
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


def _tell(ctx: Context, wanted: list[int]) -> None:
    ctx.story.motive, ctx.story.relation, ctx.story.victims = "none: a canary", "everybody", sorted(wanted)
    ctx.story.story_ja = f"検知器の試験用の事案。閉庁日の夜間に、本人・家族・著名人など{len(wanted)}人の記録を開いた。"
    ctx.story.story_en = f"Made to try detectors out: {len(wanted)} records opened in the night of a closed day."


def _wanted(ctx: Context, actor: int) -> list[int]:
    """The own record and family, then protected and well-known people and colleagues, then customers of others."""
    own = ctx.own_record(actor)
    family = [] if own is None else [own, *ctx.circle.home(own), *ctx.circle.kin(own)]
    guarded = [int(no) for no in ctx.town.protections["resident_no"].sort() if ctx.circle.settled[int(no)]]
    known = [*guarded[:3], *ctx.figures("celebrity", "politician", "newsworthy")[:3], *ctx.colleagues(actor)[-3:]]
    busy = ctx.others_cases(actor).group_by("resident_no").len().sort("len", "resident_no", descending=[True, False])
    others = [int(no) for no in busy["resident_no"].head(40)]
    return list(dict.fromkeys([*family[:5], *known, *others]))


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
