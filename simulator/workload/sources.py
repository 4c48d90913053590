"""Where cases come from: people who come, changes of record, matters that come back, work of the calendar."""

from typing import NamedTuple

import numpy as np
import polars as pl

from simulator.clock import HOUR_MS, Window
from simulator.streams import Floats, Ints, Stream, Weights
from simulator.workload.folk import Flags, Folk
from simulator.workload.procedure import Arrivals
from simulator.workload.rhythm import COUNTER, MOVES, Season, demand, shares, within_day
from simulator.workload.town import Town
from simulator.world.calendar import epoch_day

ADULTS = (18, 110)
ASSUMED_SCALE = 0.78  # fits the sum of all rates to domain.md 3.7: 3–6 views a resident and year
_YEAR_DAYS = 365
_EVER = 1 << 19
_NEWS_DAYS = 60  # ASSUMED: how long people ask about somebody in the news
# Expected changes per resident and year, for planning how many hands they need. Source: domain.md 6.1; moves count
# each person, whole households give one notice.
_CHANGE_RATES = {
    "転入": 0.029, "特例転入": 0.0097, "国外転入": 0.002, "転出": 0.0295, "特例転出": 0.0095, "国外転出": 0.002,
    "転居": 0.025, "出生": 0.006, "死亡": 0.0126, "婚姻": 0.0078, "離婚": 0.003, "世帯主変更": 0.006,
    "世帯分離": 0.0005, "世帯合併": 0.0002, "在留情報更新": 0.005,
}  # fmt: skip


class Comers(NamedTuple):
    """Residents who come by themselves, or whose turn it is.

    Attributes:
        per_1000: of all residents, how many cases a year.
        season: when.
        ages: of whom, both ends included.
        hours: of the day; None for whenever the section gets to it.
        who: "anyone", "protected", "foreign" or "moved": whom of these ages.
        turns: how many more times a matter comes back, each with chance `again`.
        every_days: days between turns.
        again: chance of each further turn.
    """

    per_1000: float
    season: Season = Season()
    ages: tuple[int, int] = ADULTS
    hours: Weights | None = COUNTER
    who: str = "anyone"
    turns: int = 0
    every_days: int = 7
    again: float = 0.6

    def nominal(self, town: Town, window: Window) -> Floats:
        """Expected cases a day."""
        times = sum(self.again**k for k in range(self.turns + 1))
        return shares(window, self.season) * (ASSUMED_SCALE * self.per_1000 * town.residents.height / 1_000 * times)

    def draw(self, town: Town, folk: Folk, volume: float, stream: Stream) -> Arrivals:
        """Who comes: the same people more often than chance would have it."""
        per_year = ASSUMED_SCALE * volume * self.per_1000 * len(folk.age) / 1_000
        day = demand(town.window, per_year, self.season, stream)
        pool = folk.order[self._able(folk)[folk.order]]
        if not len(pool):
            return none()
        first = _skewed(len(pool), stream.unit("who", len(day)))
        spare = _skewed(len(pool), stream.unit("spare", len(day)))
        target = pool[first]
        target = np.where(folk.here(target, day), target, pool[spare])
        kept = folk.here(target, day) | (self.who == "moved")
        day, target, draw = day[kept], target[kept], np.flatnonzero(kept)
        chain = draw if self.turns else np.full(len(day), -1)
        return _timed(self._turned(Arrivals(day, day, target, chain), town, stream), self.hours, stream)

    def _able(self, folk: Folk) -> Flags:
        able = (folk.age >= self.ages[0]) & (folk.age <= self.ages[1])
        if self.who == "protected":
            able &= folk.protected
        elif self.who == "foreign":
            able &= folk.foreign
        elif self.who == "moved":
            able &= folk.left < _EVER
        return np.asarray(able)

    def _turned(self, first: Arrivals, town: Town, stream: Stream) -> Arrivals:
        parts, alive = [first], np.ones(len(first.day), dtype=np.bool_)
        for turn in range(1, self.turns + 1):
            alive = alive & stream.chance(f"again{turn}", len(alive), self.again)
            late = stream.below(f"late{turn}", len(alive), max(1, self.every_days // 2))
            day = first.day + turn * self.every_days + late
            fits = alive & (day < town.window.day_count)
            parts.append(Arrivals(day[fits], day[fits], first.target[fits], first.chain[fits]))
        return Arrivals(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class Known(NamedTuple):
    """Dealings with residents whom the town knows.

    Attributes:
        per_year: cases a year about one resident of each kind of figure.
        season: when in the year.
        hours: of the day; None for whenever the section gets to it.
        fresh: kinds in the news: theirs come in the `_NEWS_DAYS` after they became known, the more the sooner.
    """

    per_year: tuple[tuple[str, float], ...]
    season: Season = Season()
    hours: Weights | None = COUNTER
    fresh: tuple[str, ...] = ("newsworthy",)

    def nominal(self, town: Town, window: Window) -> Floats:
        """Expected cases a day."""
        return shares(window, self.season) * float(self._rates(town).sum())

    def draw(self, town: Town, folk: Folk, volume: float, stream: Stream) -> Arrivals:
        """Whom they are about, and when: never before they are known."""
        rates, figures = self._rates(town), town.figures
        if not rates.sum():
            return none()
        day = demand(town.window, volume * float(rates.sum()), self.season, stream)
        who = stream.pick("who", len(day), Weights.of(rates.tolist()))
        since = figures["since"].to_physical().cast(pl.Int64).to_numpy()[who] - epoch_day(town.window.start)
        u = stream.unit("after", len(day))
        news = figures["figure"].cast(pl.String).is_in(self.fresh).to_numpy()[who]
        day = np.where(news, since + (u * u * _NEWS_DAYS).astype(np.int64), day)
        target = figures["resident_no"].cast(pl.Int64).to_numpy()[who]
        kept = (day >= np.maximum(since, 0)) & (day < town.window.day_count) & folk.here(target, day)
        found = Arrivals(day[kept], day[kept], target[kept], np.full(int(kept.sum()), -1))
        return _timed(found, self.hours, stream)

    def _rates(self, town: Town) -> Floats:
        """Cases a year about each of the town's figures, shape ``(figures,)``."""
        kind = town.figures["figure"].cast(pl.String)
        return kind.replace_strict(dict(self.per_year), default=0.0, return_dtype=pl.Float64).to_numpy()


class Changed(NamedTuple):
    """Residents with a change of record, or others of the household, once or more after its notice.

    Attributes:
        reasons: of the change.
        rate: cases per change; above 1 some come again.
        after_days: they come up to so many days after the notice; those of one change on days of their own.
        hours: of the day; None for whenever the section gets to it.
        together: share of changes after which all sections are seen on one day, that of the notice.
        ages: of the resident.
        household: whether one case stands for all of a household who change together.
    """

    reasons: tuple[str, ...]
    rate: float = 1.0
    after_days: int = 0
    hours: Weights | None = COUNTER
    together: float = 0.0
    ages: tuple[int, int] = (0, 120)
    household: bool = False

    def nominal(self, town: Town, window: Window) -> Floats:
        """Expected cases a day, in the season of moving for moves."""
        moves = any("転" in reason for reason in self.reasons)
        rate = sum(_CHANGE_RATES.get(reason, 0.001) for reason in self.reasons) * self.rate
        rate *= (self.ages[1] - self.ages[0] + 1) / 121 if self.ages != (0, 120) else 1.0
        season = Season(peaks=MOVES, openings=True) if moves else Season()
        return shares(window, season) * rate * (0.55 if self.household else 1.0) * town.residents.height

    def draw(self, town: Town, folk: Folk, volume: float, stream: Stream) -> Arrivals:
        """Which changes bring cases, and when."""
        rows = town.changes.filter(pl.col("reason").cast(pl.String).is_in(self.reasons)).sort("change_no")
        if self.household:
            rows = rows.unique(["notified_on", "household_from", "household_to"], keep="first", maintain_order=True)
        number = rows["change_no"].to_numpy().astype(np.int64)
        every = int(town.changes["change_no"].max() or 0) + 1  # type: ignore[arg-type]
        rate = self.rate * min(volume, 3.0)
        # One draw for all sections: whether the family was led through them on the day of the notice.
        led = folk.stream.chance("led", every, self.together)
        parts = []
        for copy in range(int(rate) + 1):
            kept = stream.chance(f"kept{copy}", every, min(1.0, rate - copy))[number]
            some = rows.filter(pl.Series(kept))
            wait = np.where(led, 0, stream.at(copy).below("wait", every, self.after_days + 1))
            parts.append(self._arrivals(town, some, number[kept], wait))
        found = Arrivals(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        age = folk.age[found.target]
        fits = (age >= self.ages[0]) & (age <= self.ages[1]) & (found.day < town.window.day_count)
        return _timed(Arrivals(*(column[fits] for column in found)), self.hours, stream)

    @staticmethod
    def _arrivals(town: Town, rows: pl.DataFrame, number: Ints, wait: Ints) -> Arrivals:
        notice = rows["notified_on"].to_physical().cast(pl.Int64).to_numpy() - epoch_day(town.window.start)
        day = np.maximum(notice, 0) + wait[number]
        return Arrivals(day, day, rows["resident_no"].to_numpy().astype(np.int64), number)


class Burst(NamedTuple):
    """Work after a disaster: people of one district come within weeks of a day of the window.

    Attributes:
        per_1000: of all residents, how many cases in all.
        month: in which the day lies.
        days: how long they come.
        hours: of the day.
    """

    per_1000: float
    month: int = 9
    days: int = 21
    hours: Weights | None = COUNTER

    def nominal(self, town: Town, window: Window) -> Floats:
        """Expected cases a day."""
        first = self._day(window)
        found = np.zeros(window.day_count)
        if first is not None:
            span = min(self.days, window.day_count - first)
            found[first : first + span] = self.per_1000 * town.residents.height / 1_000 / self.days
        return found

    def draw(self, town: Town, folk: Folk, volume: float, stream: Stream) -> Arrivals:
        """Adults of the district that was hit."""
        first = self._day(town.window)
        if first is None:
            return none()
        hit = int(stream.below("district", 1, int(folk.district.max()) + 1)[0])
        pool = folk.order[((folk.district == hit) & (folk.age >= ADULTS[0]))[folk.order]]
        n = int(self.per_1000 * min(volume, 3.0) * len(folk.age) / 1_000)
        day = first + stream.below("day", n, self.days)
        keep = day < town.window.day_count
        if not len(pool):
            return none()
        target = pool[stream.below("who", n, len(pool))]
        keep &= folk.here(target, day)
        found = Arrivals(day[keep], day[keep], target[keep], np.full(int(keep.sum()), -1))
        return _timed(found, self.hours, stream)

    def _day(self, window: Window) -> int | None:
        """The 8th of the month, if the window holds it."""
        for number, day in enumerate(window.days()):
            if (day.month, day.day) == (self.month, 8):
                return number
        return None


def none() -> Arrivals:
    """No cases."""
    nothing = np.empty(0, dtype=np.int64)
    return Arrivals(nothing, nothing, nothing, nothing)


def _skewed(size: int, u: Floats) -> Ints:
    """Places in a pool of `size`, those at its front more often."""
    skewed: Ints = np.minimum((u * np.sqrt(u) * size).astype(np.int64), size - 1)
    return skewed


def _timed(found: Arrivals, hours: Weights | None, stream: Stream) -> Arrivals:
    n = len(found.day)
    at = np.full(n, -1, dtype=np.int64) if hours is None else within_day(hours, n, stream)
    return found._replace(at=np.minimum(at, 24 * HOUR_MS - 1))
