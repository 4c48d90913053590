"""The moves that episodes are made of: whose desk, which record, by which way, under which number."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from simulator.access import AccessRequest, Outcome
from simulator.clock import from_ms
from simulator.workload import insider
from simulator.workload.archetype import Guise, Row, Step, Taken, looks, retarget
from simulator.workload.context import LEAST_MS, Context, Wish
from simulator.workload.sections import BY_CODE

Visit = Generator[Step, Outcome, bool]
ROUTES = ("as_is", "address", "household", "partial")
SESSIONS = ("own", "colleague", "as_stealth", "temp_card")
NUMBERS = ("as_stealth", "borrow", "forge", "enter")
_BY_ROUTE: dict[str, Row] = {
    "address": {"search": "address_name", "match": "exact", "typed": None},
    "household": {"search": "household", "match": "exact", "typed": None},
    "partial": {"search": "kana", "match": "partial", "typed": 2},
}
# Narrowing down without opening anything: the counts and the lists of candidates say enough.
_NARROWER: tuple[Row, ...] = (
    {"search": "kana", "match": "partial", "typed": 2},
    {"search": "kana", "match": "exact", "typed": None},
    {"search": "address_name", "match": "exact", "typed": None},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evasion:
    """Switches of a careful actor; each hides one trace, none changes what is wanted.

    Attributes:
        route: how the record is searched for: as the taken case was, by address, by household, or by part of the name.
        session: whose session is used: the actor's own, a colleague's, a colleague's when careful (as often as stealth
            says), or one of the actor's that was opened with a temporary card (M18).
        number: which case number is stated: by stealth, that of the taken case, one that no list knows, or that of a
            case which the actor has entered in the list for the victim.
        interleave: take cases about somebody of the victim's surname where there are any.
        cover: issue the certificate of the taken case, now the victim's, as a cover.
        search_only: narrow down by one search after another, read counts and candidates, and open nothing.
        split: among how many of the section, the actor among them, the looks are split, 1–5.
        quiet_share: most looks as a share of the actor's own cases of those days, 0–1; 1 for no bound.
        slow_days: fewest days between two looks, 0–90.
        office_hours: take cases between nine and five where there are any.
        other_system: take cases in another system than that of resident records where there are any.
        adaptive: know the published inspection rules, and do what scores least by them (`insider`).
    """

    route: str = "as_is"
    session: str = "own"
    number: str = "as_stealth"
    interleave: bool = False
    cover: bool = False
    search_only: bool = False
    split: int = 1
    quiet_share: float = 1.0
    slow_days: int = 0
    office_hours: bool = False
    other_system: bool = False
    adaptive: bool = False

    def __post_init__(self) -> None:
        """Refuse words and numbers out of range."""
        for name, words in (("route", ROUTES), ("session", SESSIONS), ("number", NUMBERS)):
            if getattr(self, name) not in words:
                msg = f"{name} must be one of {', '.join(words)}, not {getattr(self, name)!r}"
                raise ValueError(msg)
        ranges = (1 <= self.split <= 5, 0 < self.quiet_share <= 1, 0 <= self.slow_days <= 90)  # noqa: PLR2004
        if not all(ranges):
            msg = "split must lie in 1–5, quiet_share above 0, at most 1, and slow_days in 0–90"
            raise ValueError(msg)


class Careful(Protocol):
    """Knobs of an archetype whose looks can be hidden."""

    @property
    def stealth(self) -> float:
        """0 open to 1 careful."""
        ...

    @property
    def evade(self) -> Evasion:
        """Its switches."""
        ...


_SOON_MS = 3_600_000
OPEN = Evasion()
BORROWED = Evasion(number="borrow")
TO_THE_END = Evasion(number="borrow", cover=True)
BY_ANOTHER_HAND = Evasion(session="as_stealth")


def sit_down(ctx: Context, staff: Sequence[int], victim: int, p: Careful, days: tuple[int, int]) -> Taken | None:
    """Take a case at a desk: the actor's own, or a colleague's (who then stands in the log for the culprit)."""
    guise = _guise(ctx, p)
    for desks in _desks(ctx, staff, p.evade, careful=guise is not Guise.OPEN):
        taken = _suited(ctx, desks, p.evade, days, guise=guise, victim=victim)
        if taken is not None:
            return _seated(ctx, taken, p.evade)
    return None


def take_as(ctx: Context, desks: Sequence[int], p: Careful, days: tuple[int, int]) -> Taken | None:
    """Take a case of one of `desks` before it is known for whom, in the guise that stealth and the switches give it."""
    taken = _suited(ctx, desks, p.evade, days, guise=_guise(ctx, p))
    return None if taken is None else _seated(ctx, taken, p.evade)


def _suited(
    ctx: Context, desks: Sequence[int], evade: Evasion, days: tuple[int, int], *,
    guise: Guise, victim: int | None = None,
) -> Taken | None:  # fmt: skip
    """A case of `desks` that the switches allow."""
    if evade.quiet_share < 1 and _looked(ctx, desks, days) >= ctx.bound(desks, days, evade.quiet_share):
        return None
    wish = Wish(
        least_days=evade.slow_days, looked=tuple(day for _, day in ctx.story.looked),
        surname_of=victim if evade.interleave else None, office_hours=evade.office_hours,
        other_system=evade.other_system,
        # Who does not care states the number that is at hand; the careful take what comes.
        numbered=guise is Guise.OPEN and evade.number == "as_stealth",
    )  # fmt: skip
    if evade.adaptive and victim is not None:
        return insider.best(ctx, desks, victim, days, wish=replace(wish, numbered=False), guises=_ways(evade, guise))
    taken = ctx.take(desks, *days, wish)
    return None if taken is None else replace(taken, guise=guise)


def _ways(evade: Evasion, guise: Guise) -> tuple[Guise, ...]:
    """What an adaptive insider may choose from: what the switch says, or all up to the guise that stealth allows."""
    if evade.number != "as_stealth":
        return (guise,)
    return (Guise.OPEN, Guise.HIDDEN, Guise.ENTERED) if guise is Guise.ENTERED else (Guise.OPEN, Guise.HIDDEN)


def _guise(ctx: Context, p: Careful) -> Guise:
    """By stealth: open, or careful; and of the careful as often as stealth says by entering a case."""
    if p.evade.number != "as_stealth":
        return {"borrow": Guise.OPEN, "forge": Guise.HIDDEN, "enter": Guise.ENTERED}[p.evade.number]
    if not ctx.rng.chance(p.stealth):
        return Guise.OPEN
    return Guise.ENTERED if ctx.rng.chance(p.stealth) else Guise.HIDDEN


def _looked(ctx: Context, desks: Sequence[int], days: tuple[int, int]) -> int:
    return sum(no in desks and days[0] <= day <= days[1] for no, day in ctx.story.looked)


def _desks(ctx: Context, staff: Sequence[int], evade: Evasion, *, careful: bool) -> list[list[int]]:
    """At whose desks it may be done, in the order in which they are tried."""
    hands = ctx.story.hands
    if hands:
        turn = len(ctx.story.looked) % len(hands)
        return [[no] for no in [*hands[turn:], *hands[:turn]]]
    borrowed = evade.session == "colleague" or (evade.session == "as_stealth" and careful)
    if borrowed and len(staff) == 1:
        ctx.story.culprit = staff[0]
        return [beside(ctx, staff[0])]
    return [list(staff)]


def _seated(ctx: Context, taken: Taken, evade: Evasion) -> Taken:
    """Write down who looks, with whom the looks are split, and how the session was opened."""
    story = ctx.story
    story.looked.append((taken.staff_no, taken.day))
    if evade.split > 1 and not story.hands:
        others = beside(ctx, taken.staff_no)
        drawn = [others.pop(ctx.rng.below(len(others))) for _ in range(min(evade.split - 1, len(others)))]
        story.hands = [taken.staff_no, *(no for no in drawn if no != taken.staff_no)]
        story.instigator = taken.staff_no if story.instigator is None else story.instigator
    if evade.session == "temp_card":
        ctx.traces.cards.add(taken.steps[0]["session_key"])
    return taken


def visit(ctx: Context, taken: Taken, victim: int, *, stage: str, evade: Evasion = OPEN) -> Visit:
    """Look the victim up in the place of the taken case; True if something was shown. Ends at the first refusal."""
    if victim not in ctx.story.victims:
        ctx.story.victims.append(victim)
    number, status = ctx.leave(taken, victim)
    if evade.search_only:
        return (yield from _narrow(taken, victim, number, (stage, status)))
    shown = False
    for row in taken.steps if evade.cover or taken.cover else looks(taken):
        outcome = yield Step(ask(row, victim, number, evade), row["request_no"], stage, status)
        shown |= outcome.granted and row["action"] != "search"
        if not outcome.granted:
            return shown
    return shown


def _narrow(taken: Taken, victim: int, number: str | None, told: tuple[str, str]) -> Visit:
    """One search after another until one person is left; True if there is one."""
    places = [row for row in looks(taken) if row["action"] in ("search", "view")]
    for row, way in zip(places, _NARROWER, strict=False):
        narrowed = {**row, "action": "search", "screen": "search", **way}
        outcome = yield Step(retarget(narrowed, victim, number), row["request_no"], *told)
        if not outcome.granted or outcome.hits == 1:
            return outcome.granted
    return False


def ask(row: Row, victim: int, number: str | None, evade: Evasion) -> AccessRequest:
    """The request of `row` about `victim`, by the route that the switches name."""
    way = _BY_ROUTE.get(evade.route, {}) if row["search"] is not None else {}
    return retarget({**row, **way}, victim, number)


def beside(ctx: Context, staff_no: int) -> list[int]:
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


def copies(ctx: Context, rows: list[Row], wanted: int, stage: str) -> Generator[Step, Outcome, int]:
    """Draw `wanted` of the lists that `rows` extracted once more, in any order; how many were drawn."""
    left, drawn = list(rows), 0
    while left and drawn < wanted:
        drawn += yield from extract_again(ctx, left.pop(ctx.rng.below(len(left))), stage)
    return drawn


def several(ctx: Context, most: int, stealth: float) -> int:
    """How many times: 1 at stealth 1, up to `most` at stealth 0."""
    return 1 + ctx.rng.below(max(1, round((most - 1) * (1 - stealth)) + 1))


def title(section: str) -> str:
    """The section in Japanese."""
    return BY_CODE[section].title
