"""Who holds which post of which section from when to when: transfers, new staff, and help in season."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from simulator.clock import Window
from simulator.streams import Ints, Stream, Weights
from simulator.workload.sections import ASSUMED_SECTIONS, NETWORK, Section
from simulator.workload.settings import OfficeSpec

KINDS = ("regular", "reappointed", "fiscal_year", "dispatched", "contracted")
# Source: domain.md 6.2: staff by fiscal year are about a third of heads; the rest of the split is assumed.
_ASSUMED_KINDS = Weights.of((60, 5, 31, 3, 1))
ASSUMED_TRANSFERRED = 0.22  # of regular posts change hands each 1 April: one stays four to five years
ASSUMED_RETIRING = 0.03
ASSUMED_RENEWED_AWAY = 0.15  # of posts by fiscal year and of dispatched ones somebody new holds
ASSUMED_EXAMINERS = 0.2  # of the resident section's posts; Source of the role: domain.md 3.2
ASSUMED_HELPERS = 0.25  # of the posts of helping sections
HELP_DAYS = ((3, 25), (4, 11))
_OWN, _HELP = "own", "help"
_SCHEMA = {
    "staff_no": pl.Int64, "seat": pl.Int64, "section": pl.String, "role": pl.String, "valid_from": pl.Date,
    "valid_to": pl.Date, "kind": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seats:
    """The posts of an office, columns by seat.

    Attributes:
        section: of each post.
        kind: place in `KINDS` of the employment that it is meant for.
        head: whether its holder leads the section.
    """

    section: tuple[Section, ...]
    kind: Ints
    head: np.ndarray

    def role(self, seat: int, fraction: float) -> str:
        """What its holder may do; `fraction` of the seat's own decides on examiners."""
        section, kind = self.section[seat], KINDS[int(self.kind[seat])]
        if section.code != "citizen":
            return section.role
        if self.head[seat]:
            return "R03"
        if kind in ("fiscal_year", "dispatched", "contracted"):
            return "R17"
        return "R02" if fraction < ASSUMED_EXAMINERS else section.role


def seats(spec: OfficeSpec, stream: Stream) -> Seats:
    """The posts of an office of ``spec.staff`` heads, section by section."""
    place = _places(spec)
    sections = tuple(ASSUMED_SECTIONS[i] for i in place)
    head = np.array([i == 0 or place[i] != place[i - 1] for i in range(len(place))])
    kind = np.where(head, 0, stream.pick("employment", len(place), _ASSUMED_KINDS))
    return Seats(sections, kind, head)


def _places(spec: OfficeSpec) -> list[int]:
    """The section of each post."""
    return [i for i, n in enumerate(heads(spec)) for _ in range(n)]


def heads(spec: OfficeSpec) -> list[int]:
    """Posts of each of `ASSUMED_SECTIONS`: as many as the scenario wants of it, else at least two and in proportion."""
    own = spec.sections or {}
    others = [i for i, s in enumerate(ASSUMED_SECTIONS) if s.code not in own]
    found = [own.get(s.code, 0) for s in ASSUMED_SECTIONS]
    for i, n in zip(others, _shared([ASSUMED_SECTIONS[i].staff for i in others], spec.staff - sum(found)), strict=True):
        found[i] = n
    return found


def _shared(parts: list[int], count: int) -> list[int]:
    """`count` heads shared among sections in proportion to `parts`: two in each if there are so many, else one."""
    whole = sum(parts)
    found = [max(2, part * count // whole) for part in parts]
    order = sorted(range(len(found)), key=lambda i: -found[i])
    step = 1 if sum(found) < count else -1
    turn = 0
    while sum(found) != count:
        found[order[turn % len(order)]] = max(1, found[order[turn % len(order)]] + step)
        turn += 1
    return found


@dataclass(slots=True)
class _Hands:
    """Who holds each post, while postings are written down."""

    holder: list[int]
    since: list[date]
    people: int
    rows: list[tuple[int, int, date, date | None]]

    def pass_on(self, seat: int, person: int, day: date) -> None:
        self.rows.append((self.holder[seat], seat, self.since[seat], day))
        self.holder[seat], self.since[seat] = person, day


def postings(own: Seats, window: Window, stream: Stream) -> pl.DataFrame:
    """Columns staff_no, seat, section, role, valid_from, valid_to (null while open), kind (own or help).

    People are numbered as they come: first who is there when the window begins, in order of seat, then who is new.
    """
    n = len(own.section)
    years = stream.below("since", n, 5)
    hands = _Hands(list(range(n)), [_april(window.start, int(k)) for k in years], n, [])
    for year in range(window.start.year, window.end.year + 1):
        day = date(year, 4, 1)
        if window.start < day < window.end:
            _first_of_april(own, hands, day, stream.at(year))
    ends: list[tuple[int, int, date, date | None]] = [(hands.holder[s], s, hands.since[s], None) for s in range(n)]
    fractions = stream.unit("examiner", n)
    rows = [
        (person, seat, own.section[seat].code, own.role(seat, fractions[seat]), first, last, _OWN)
        for person, seat, first, last in hands.rows + ends
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return _with_help(frame, own, window, stream).sort("staff_no", "valid_from")


def _april(day: date, years_before: int) -> date:
    """The last 1 April that is not after `day`, or one `years_before` earlier."""
    year = day.year if day >= date(day.year, 4, 1) else day.year - 1
    return date(year - years_before, 4, 1)


def _first_of_april(own: Seats, hands: _Hands, day: date, stream: Stream) -> None:
    n = len(own.section)
    regular = own.kind == 0
    u = stream.unit("april", n)
    leaving = u < np.where(regular, ASSUMED_RETIRING, ASSUMED_RENEWED_AWAY)
    moving = regular & ~leaving & (u < ASSUMED_RETIRING + ASSUMED_TRANSFERRED)
    for seat in np.flatnonzero(leaving).tolist():
        hands.pass_on(seat, hands.people, day)
        hands.people += 1
    for heads in (True, False):
        chosen = np.flatnonzero(moving & (own.head == heads))
        movers = [hands.holder[seat] for seat in chosen.tolist()]
        order = chosen[stream.order(f"to{heads}", len(chosen))]
        for seat, person in zip(order.tolist(), movers[1:] + movers[:1], strict=True):
            if hands.holder[seat] != person:
                hands.pass_on(seat, person, day)


def _with_help(frame: pl.DataFrame, own: Seats, window: Window, stream: Stream) -> pl.DataFrame:
    """Some of the helping sections work at the resident counter in the season of moving, under an account for it."""
    n = len(own.section)
    helping = np.array([s.helps for s in own.section]) & ~own.head & stream.chance("helps", n, ASSUMED_HELPERS)
    spans = [(date(y, *HELP_DAYS[0]), date(y, *HELP_DAYS[1])) for y in range(window.start.year, window.end.year + 1)]
    rows: list[tuple[object, ...]] = []
    for person, seat, section, role, first, last, kind in frame.iter_rows():
        start: date = first
        for low, high in spans if helping[seat] else ():
            begin, end = max(low, first), min(high, last or high)
            if begin >= end or low >= window.end or high <= window.start:
                continue
            if start < begin:
                rows.append((person, seat, section, role, start, begin, kind))
            rows.append((person, n + seat, "citizen", "R01", begin, end, _HELP))
            start = end
        if last is None or start < last:
            rows.append((person, seat, section, role, start, last, kind))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def machines(first: int, opened: date) -> pl.DataFrame:
    """The postings of the machine accounts, numbered from `first`: shops' certificates, and the server's messages."""
    rows = [(first + k, -1 - k, NETWORK.code, NETWORK.role, opened, None, _OWN) for k in range(2)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")
