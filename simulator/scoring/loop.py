"""An auditor in the loop: whom they find is stopped, others are deterred, and so the harm depends on how they audit.

A log is one history, made without an auditor. Here it is gone through day by day under an audit policy: what a member
of staff did after they were found, or after a colleague's case deterred them, counts as not done. Every policy meets
the same history and the same lots, so that a difference between two is theirs and not chance's.
Source: detection.md 3.1 (B8); common random numbers as in Law 2015, Simulation Modeling and Analysis, 11.2.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.scoring.review import ASSUMED_INQUIRY_DAYS, ASSUMED_MINUTES_PER_REVIEW, queue
from simulator.streams import Stream
from simulator.world import calendar

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
ASSUMED_ERROR_RATE = 0.1
"""Share of reviews of misuse that a reviewer takes for work."""
ASSUMED_FALSE_ALARM_RATE = 0.02
"""Share of reviews of a lawful look-alike that a reviewer takes for misuse."""
ASSUMED_DETERRENCE = 0.2
"""Chance that a case which becomes known ends the misuse of a colleague of the same section."""
ASSUMED_BACKLOG_DAYS = 20
"""Office days after which nobody looks at what was left over."""


_HALF = 2.0**-54
"""Keeps a lot off 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOffice:
    """How an office audits.

    Attributes:
        per_day: reviews an office day.
        delay_days: office days after which an event can be reviewed.
        error_rate, false_alarm_rate, deterrence: see the constants; each from 0 to 1.
        seed: of the lots.
    """

    per_day: int = 20
    delay_days: int = 1
    error_rate: float = ASSUMED_ERROR_RATE
    false_alarm_rate: float = ASSUMED_FALSE_ALARM_RATE
    deterrence: float = ASSUMED_DETERRENCE
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what no office can be."""
        shares = (self.error_rate, self.false_alarm_rate, self.deterrence)
        if self.per_day < 0 or self.delay_days < 0 or not all(0 <= share <= 1 for share in shares):
            raise UsageError("an audit office needs reviews and days of 0 or more, and rates from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a policy brought about.

    Attributes:
        policy: its name.
        reviews, minutes: what it cost.
        found: actors in episodes who were found, and `recall`, their share of all whose misuse began.
        days_to_detection: median office days from their first misuse to the review; null if none was found.
        harmed: residents looked up wrongly.
        spared: residents who would have been, but for someone who was found; `deterred`: but for someone deterred.
        suspected: staff reviewed who did no misuse; `accused`: of them, taken for guilty.
    """

    policy: str
    reviews: int
    minutes: int
    found: int
    recall: float
    days_to_detection: float | None
    harmed: int
    spared: int
    deterred: int
    suspected: int
    accused: int


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be reviewed today: score, a lot in (0, 1) and the section of each unit, shapes ``(n,)``."""

    score: Floats
    lot: Floats
    section: npt.NDArray[np.str_]

    @property
    def ranked(self) -> Places:
        """Places from the most suspicious down; ties by lot."""
        return np.lexsort((self.lot, -self.score))


Policy = Callable[[Pool], Places]
"""In which order the units of a pool are reviewed until the day's reviews are spent."""


def ranked(pool: Pool) -> Places:
    """The most suspicious first."""
    return pool.ranked


def lottery(pool: Pool) -> Places:
    """By lot alone: nobody can know whom it meets, and nothing is learnt from scores."""
    return np.argsort(pool.lot)


def weighted(pool: Pool) -> Places:
    """By lot, the chance falling with the rank: the suspicious often, anybody sometimes.

    Source: Efraimidis & Spirakis 2006, weighted sampling without replacement; weight 1 / rank.
    """
    rank = np.empty(len(pool.score))
    rank[pool.ranked] = np.arange(1, len(rank) + 1)
    return np.argsort(-np.log(pool.lot) * rank)


def by_section(pool: Pool) -> Places:
    """The most suspicious of each section in turn, so that no section crowds out the others."""
    order = pool.ranked
    _, of = np.unique(pool.section[order], return_inverse=True)
    grouped = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[grouped], of[grouped])
    turn = np.empty(len(order), dtype=np.int64)
    turn[grouped] = np.arange(len(order)) - starts
    return order[np.argsort(turn, kind="stable")]


POLICIES: Mapping[str, tuple[Policy, int]] = {
    "ranked": (ranked, 1),
    "backlog": (ranked, ASSUMED_BACKLOG_DAYS),
    "by_section": (by_section, 1),
    "weighted": (weighted, 1),
    "lottery": (lottery, 1),
}
"""Each policy, and for how many office days a unit stays in its pool."""


def compare(rows: pl.DataFrame, office: AuditOffice) -> list[Effect]:
    """What every policy brings about on the judged events `rows` (`align.judged`); without any audit first."""
    history = _History.of(rows, office.seed)
    none = _Audit(history, AuditOffice(per_day=0)).effect("no audit")
    return [none, *(_played(history, office, name) for name in POLICIES)]


def _played(history: "_History", office: AuditOffice, name: str) -> Effect:
    audit = _Audit(history, office)
    audit.play(*POLICIES[name])
    return audit.effect(name)


@dataclass(frozen=True, slots=True)
class _History:
    """The units of review in time order, as columns, with the lots that every policy meets."""

    units: pl.DataFrame
    days: list[date]
    day: Places
    score: Floats
    lot: Floats
    taken: Floats
    section: npt.NDArray[np.str_]
    actor: list[bytes]
    misuse: npt.NDArray[np.bool_]
    lookalike: npt.NDArray[np.bool_]
    fear: Stream

    @classmethod
    def of(cls, rows: pl.DataFrame, seed: int) -> "_History":
        sections = rows.group_by("actor").agg(pl.col("section").first())
        units = queue(rows).join(sections, on="actor", how="left", maintain_order="left")
        days = calendar.business_days(_window(units)) if units.height else []
        stream, count = Stream(seed, "/score/loop"), units.height
        place = {day: number for number, day in enumerate(days)}
        day = units["day"].replace_strict(place, return_dtype=pl.Int64).to_numpy() if count else np.empty(0, np.int64)
        return cls(units, days, day, units["score"].to_numpy(), stream.unit("lot", count) + _HALF,
                   stream.unit("taken", count), units["section"].to_numpy().astype(np.str_),
                   units["actor"].to_list(), units["misuse"].to_numpy(), units["lookalike"].to_numpy(),
                   stream.at("fear"))  # fmt: skip


def _window(units: pl.DataFrame) -> Window:
    first, last = units["day"][0], units["day"][-1]
    return Window(first, date.fromordinal(last.toordinal() + 1))


@dataclass(slots=True)
class _Audit:
    """One history under audit, so far.

    Attributes:
        found, deterred: who is stopped, since which office day (as its number).
        away: who is under inquiry, until when.
        reviewed: places of the units reviewed.
        hits: (episode, actor) → day of the review that found it.
        accused: who was taken for guilty without misuse in what was reviewed.
    """

    history: _History
    office: AuditOffice
    found: dict[bytes, int] = field(default_factory=dict)
    deterred: dict[bytes, int] = field(default_factory=dict)
    away: dict[bytes, int] = field(default_factory=dict)
    reviewed: list[int] = field(default_factory=list)
    hits: dict[tuple[str, bytes], int] = field(default_factory=dict)
    accused: set[bytes] = field(default_factory=set)

    def play(self, order: Policy, kept_days: int) -> None:
        """Spend every day's reviews in the `order` of a policy, on what came in within `kept_days`."""
        day, seen = self.history.day, np.zeros(len(self.history.day), dtype=np.bool_)
        for today in range(len(self.history.days) + self.office.delay_days):
            last = today - self.office.delay_days
            pool = np.flatnonzero((day <= last) & (day > last - kept_days) & ~seen)
            for place in self._chosen(pool[order(self._pool(pool))], today):
                seen[place] = True
                self._review(place, today)

    def _pool(self, places: Places) -> Pool:
        return Pool(self.history.score[places], self.history.lot[places], self.history.section[places])

    def _chosen(self, places: Places, today: int) -> Iterator[int]:
        """The day's reviews: whoever is under inquiry, and whatever was never done, is passed over."""
        left = self.office.per_day
        for place in map(int, places):
            if not left:
                return
            actor = self.history.actor[place]
            if self.away.get(actor, today) <= today and (not self.history.misuse[place] or self._done(place)):
                left -= 1
                yield place

    def _done(self, place: int) -> bool:
        """Whether the misuse at `place` is done: its actor was stopped on no earlier day."""
        actor, day = self.history.actor[place], int(self.history.day[place])
        return day <= min(self.found.get(actor, day), self.deterred.get(actor, day))

    def _review(self, place: int, today: int) -> None:
        history, actor, lot = self.history, self.history.actor[place], self.history.taken[place]
        self.reviewed.append(place)
        if history.misuse[place] and lot >= self.office.error_rate:
            self.found.setdefault(actor, today)
            self.away[actor] = today + ASSUMED_INQUIRY_DAYS
            for episode in history.units["episodes"][place]:
                self.hits.setdefault((episode, actor), today)
            self._deter(place, today)
        elif history.lookalike[place] and not history.misuse[place] and lot < self.office.false_alarm_rate:
            self.accused.add(actor)

    def _deter(self, place: int, today: int) -> None:
        """Colleagues of the section hear of the case; each pair has its own lot."""
        history, actor = self.history, self.history.actor[place]
        near = np.flatnonzero(history.misuse & (history.section == history.section[place]))
        for other in {history.actor[i] for i in near} - {actor} - set(self.found):
            if history.fear.at(actor.hex(), other.hex()).chance("lot", 1, self.office.deterrence)[0]:
                self.deterred.setdefault(other, today)

    def effect(self, name: str) -> Effect:
        """What it brought about."""
        history = self.history
        wrong = np.flatnonzero(history.misuse)
        done = np.array([self._done(int(place)) for place in wrong], dtype=np.bool_)
        frightened = [history.actor[i] in self.deterred and history.actor[i] not in self.found for i in wrong]
        harmed = _residents(history, wrong[done])
        deterred = _residents(history, wrong[~done & np.array(frightened, dtype=np.bool_)]) - harmed
        spared = _residents(history, wrong[~done]) - harmed - deterred
        begun, guilty = _first_days(history, wrong[done]), {history.actor[i] for i in wrong}
        return Effect(
            policy=name, reviews=len(self.reviewed), minutes=len(self.reviewed) * ASSUMED_MINUTES_PER_REVIEW,
            found=len(self.hits), recall=len(self.hits) / len(begun) if begun else 0.0,
            days_to_detection=self._delay(begun), harmed=len(harmed), spared=len(spared), deterred=len(deterred),
            suspected=len({history.actor[i] for i in self.reviewed} - guilty), accused=len(self.accused - guilty),
        )  # fmt: skip

    def _delay(self, begun: Mapping[tuple[str, bytes], int]) -> float | None:
        delays = [day - begun[pair] for pair, day in self.hits.items()]
        return float(median(delays)) if delays else None


def _first_days(history: _History, places: Places) -> dict[tuple[str, bytes], int]:
    """The first day of each actor in each episode among the units at `places`."""
    first: dict[tuple[str, bytes], int] = {}
    for place in places:
        for episode in history.units["episodes"][int(place)]:
            first.setdefault((episode, history.actor[place]), int(history.day[place]))
    return first


def _residents(history: _History, places: Places) -> set[bytes]:
    return set(history.units["resident"].gather(places).drop_nulls().to_list())
