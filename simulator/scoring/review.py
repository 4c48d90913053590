"""An auditor with a budget: so many reviews each office day, the most suspicious first.

What is reviewed is one member of staff's dealings with one resident on one day; its score is that of its most
suspicious event. Who was found is under inquiry and leaves the queue for some days, so that finding the same person
again counts for nothing. What is found is an actor in an episode.
Source: card precision at k of Le Borgne et al., Fraud Detection Handbook, with detected cards leaving the pool.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict, cast

import polars as pl

from simulator.clock import Window
from simulator.streams import Stream
from simulator.world import calendar

ASSUMED_INQUIRY_DAYS = 7
ASSUMED_MINUTES_PER_REVIEW = 10
_CLOSED_AT_MOST = 14
"""No office is closed for longer than the turn of the year with its weekends."""
_TIES = Stream(0, "/score/review")


class Unit(TypedDict):
    """One row of the `queue`."""

    day: date
    actor: bytes
    resident: bytes | None
    score: float
    misuse: bool
    lookalike: bool
    episodes: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a budget found.

    Attributes:
        per_day: reviews a day.
        reviews: reviews made; a short log leaves some of the budget.
        hits: reviews that met misuse.
        lookalikes: reviews of lawful look-alikes.
        found: (episode, actor) → office day of the review that found it.
        suspected: staff who were reviewed, did no misuse, and so were suspected wrongly.
        victims: residents whose misuse was met.
        all_victims: residents with misuse.
    """

    per_day: int
    reviews: int
    hits: int
    lookalikes: int
    found: dict[tuple[str, bytes], date]
    suspected: int
    victims: int
    all_victims: int


def queue(rows: pl.DataFrame) -> pl.DataFrame:
    """The units of review, best first within a day: ``day, actor, resident, score, misuse, lookalike, episodes``."""
    days = {day: _office_day(day) for day in rows["at"].dt.date().unique().to_list()}
    units = (
        rows.with_columns(day=pl.col("at").dt.date().replace_strict(days, return_dtype=pl.Date))
        .group_by("day", "actor", "resident")
        .agg(
            pl.col("score").max(),
            pl.col("misuse", "lookalike").any(),
            pl.col("event_id").min(),
            episodes=pl.col("episode_id").filter("misuse").unique().sort(),
        )
        .sort("event_id")
    )
    lots = pl.Series("lot", _TIES.bits("tie", units.height))
    return units.with_columns(lots).sort("day", "score", "lot", descending=[False, True, False]).drop("lot", "event_id")


def _office_day(day: date) -> date:
    ahead = Window(day, day + timedelta(days=_CLOSED_AT_MOST)).days()
    return next(d for d in ahead if calendar.is_business_day(d))


def review(units: pl.DataFrame, per_day: int) -> Outcome:
    """Spend `per_day` reviews on every day of the `queue`."""
    away: dict[bytes, date] = {}
    found: dict[tuple[str, bytes], date] = {}
    reviewed: list[Unit] = []
    for rows in units.partition_by("day", maintain_order=True):
        day: date = rows["day"][0]
        for unit in _first(rows, away, day, per_day):
            reviewed.append(unit)
            if unit["misuse"]:
                away[unit["actor"]] = day + timedelta(days=ASSUMED_INQUIRY_DAYS)
                for episode in unit["episodes"]:
                    found.setdefault((episode, unit["actor"]), day)
    return _outcome(per_day, reviewed, found, units)


def _first(rows: pl.DataFrame, away: dict[bytes, date], day: date, limit: int) -> Iterator[Unit]:
    """The best `limit` units of a day; whoever is found on the way leaves at once, as `away` says."""
    taken = 0
    for unit in cast("Iterator[Unit]", rows.iter_rows(named=True)):
        if taken == limit:
            return
        if away.get(unit["actor"], day) <= day:
            taken += 1
            yield unit


def _outcome(per_day: int, reviewed: list[Unit], found: dict[tuple[str, bytes], date], units: pl.DataFrame) -> Outcome:
    guilty = set(units.filter("misuse")["actor"].to_list())
    hits = [unit for unit in reviewed if unit["misuse"]]
    return Outcome(
        per_day=per_day,
        reviews=len(reviewed),
        hits=len(hits),
        lookalikes=sum(1 for unit in reviewed if unit["lookalike"] and not unit["misuse"]),
        found=found,
        suspected=len({unit["actor"] for unit in reviewed} - guilty),
        victims=len({unit["resident"] for unit in hits} - {None}),
        all_victims=units.filter("misuse")["resident"].drop_nulls().n_unique(),
    )


def office_days_between(first: date, last: date) -> int:
    """Office days from `first` to `last`: 0 if the review falls on the first office day from `first` on."""
    days = calendar.business_days(Window(first, last + timedelta(days=1)))
    return bisect_left(days, last) if days else 0
