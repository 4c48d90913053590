"""The moves that episodes are made of: whose desk, which record, by which way, under which number."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from simulator.access import AccessRequest, Outcome
from simulator.clock import from_ms
from simulator.workload.archetype import Row, Step, Taken, looks, retarget
from simulator.workload.context import LEAST_MS, Context
from simulator.workload.sections import BY_CODE

Visit = Generator[Step, Outcome, bool]
ROUTES = ("as_is", "address", "household", "partial")
SESSIONS = ("own", "colleague", "temp_card")
NUMBERS = ("as_stealth", "borrow", "forge")
_BY_ROUTE: dict[str, Row] = {
    "address": {"search": "address_name", "match": "exact", "typed": None},
    "household": {"search": "household", "match": "exact", "typed": None},
    "partial": {"search": "kana", "match": "partial", "typed": 2},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evasion:
    """Switches of a careful actor; each hides one trace, none changes what is wanted.

    Attributes:
        route: how the record is searched for: as the taken case was, by address, by household, or by part of the name.
        session: whose session is used: the actor's own, a colleague's, or one opened with a temporary card (M18).
        number: which case number is stated: by stealth, that of the taken case, or one that no list knows.
        interleave: take cases about somebody of the victim's surname where there are any.
        cover: issue the certificate of the taken case, now the victim's, as a cover.
        search_only: look at the list of candidates and open nothing.
        split: over how many colleagues of the section the looks are split, 1–5.
        quiet_share: most looks as a share of the actor's own cases of those days, 0–1; 1 for no bound.
    """

    route: str = "as_is"
    session: str = "own"
    number: str = "as_stealth"
    interleave: bool = False
    cover: bool = False
    search_only: bool = False
    split: int = 1
    quiet_share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse words and numbers out of range."""
        for name, words in (("route", ROUTES), ("session", SESSIONS), ("number", NUMBERS)):
            if getattr(self, name) not in words:
                msg = f"{name} must be one of {', '.join(words)}, not {getattr(self, name)!r}"
                raise ValueError(msg)
        if not 1 <= self.split <= 5 or not 0 < self.quiet_share <= 1:  # noqa: PLR2004 - the documented ranges
            msg = "split must lie in 1–5 and quiet_share above 0, at most 1"
            raise ValueError(msg)


_SOON_MS = 3_600_000
OPEN = Evasion()
BORROWED = Evasion(number="borrow")
TO_THE_END = Evasion(number="borrow", cover=True)


def sit_down(ctx: Context, staff: Sequence[int], victim: int, evade: Evasion, days: tuple[int, int]) -> Taken | None:
    """Take a case at a desk: the actor's own, or a colleague's (who then stands in the log for the culprit)."""
    desks = list(staff)
    if evade.session == "colleague" and len(desks) == 1:
        ctx.story.culprit = desks[0]
        desks = _beside(ctx, desks[0])
    return ctx.take(desks, *days, surname_of=victim if evade.interleave else None)


def visit(ctx: Context, taken: Taken, victim: int, *, stage: str, stealth: float, evade: Evasion = OPEN) -> Visit:
    """Look the victim up in the place of the taken case; True if something was shown. Ends at the first refusal."""
    if victim not in ctx.story.victims:
        ctx.story.victims.append(victim)
    careful = ctx.rng.chance(stealth) if evade.number == "as_stealth" else evade.number == "forge"
    if careful:
        ctx.hide(taken)
    number = ctx.own_number(taken)
    status = "none" if number is None else "forged" if careful else "borrowed"
    shown = False
    for row in _wanted(taken, evade):
        outcome = yield Step(ask(row, victim, number, evade), row["request_no"], stage, status)
        shown |= outcome.granted and row["action"] != "search"
        if not outcome.granted:
            return shown
    return shown


def ask(row: Row, victim: int, number: str | None, evade: Evasion) -> AccessRequest:
    """The request of `row` about `victim`, by the route that the switches name."""
    way = _BY_ROUTE.get(evade.route, {}) if row["search"] is not None else {}
    return retarget({**row, **way}, victim, number)


def _wanted(taken: Taken, evade: Evasion) -> Sequence[Row]:
    if evade.search_only:
        return [row for row in taken.steps if row["action"] in ("search", "list")]
    return taken.steps if evade.cover else looks(taken)


def _beside(ctx: Context, staff_no: int) -> list[int]:
    """Colleagues of the same section, whose terminals stand within reach; the actor alone where there are none."""
    section = ctx.office.staff.filter(ctx.office.staff["staff_no"] == staff_no)["section"][0]
    return [no for no in ctx.staff(section) if no != staff_no] or [staff_no]


def extract_again(ctx: Context, row: Row, stage: str) -> Visit:
    """Draw the list of a lawful extraction once more that day: its approval still stands. True if it was drawn."""
    stay = ctx.stay_after(row)
    if stay is None:
        return False
    low = max(int(row["at"].timestamp() * 1_000), stay["opens"]) + LEAST_MS
    at = from_ms(low + ctx.rng.below(max(1, min(stay["closes"], low + _SOON_MS) - low)))
    own = {name: stay[name] for name in ("session_key", "terminal", "auth_method")}
    fields = AccessRequest.__dataclass_fields__
    values = {name: row[name] for name in fields} | own
    values |= {"at": at, "request_no": ctx.rng.word(), "tie": ctx.rng.word()}
    outcome = yield Step(AccessRequest(**values), None, stage, "none")
    return outcome.granted


def several(ctx: Context, most: int, stealth: float) -> int:
    """How many times: 1 at stealth 1, up to `most` at stealth 0."""
    return 1 + ctx.rng.below(max(1, round((most - 1) * (1 - stealth)) + 1))


def title(section: str) -> str:
    """The section in Japanese."""
    return BY_CODE[section].title
