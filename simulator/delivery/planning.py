"""Which faults a delivery has: drawn from terminals, staff and days, before a single event is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from simulator.clock import JST
from simulator.streams import Scalar, Stream

_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySpec:
    """How many faults of each kind a municipality's evidence has; all numbers are ASSUMED, nobody publishes them.

    Attributes:
        clocks: terminals whose clock is wrong for good, 0–50.
        most_skew_minutes: how far at most, 1–600.
        shared: counter terminals that record no operator, 0–50.
        gaps: lost spans of one to three hours of one system, 0–50.
        breaks: records changed after they were linked, 0–50.
        renamed: operators who appear under another id from some day on, 0–50.
    """

    clocks: int = 2
    most_skew_minutes: int = 25
    shared: int = 1
    gaps: int = 2
    breaks: int = 1
    renamed: int = 2

    def __post_init__(self) -> None:
        """Refuse numbers out of range."""
        counts = (self.clocks, self.shared, self.gaps, self.breaks, self.renamed)
        if not all(0 <= count <= 50 for count in counts) or not 1 <= self.most_skew_minutes <= 600:  # noqa: PLR2004
            msg = "faults of a kind must be 0 to 50, and most_skew_minutes 1 to 600"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, before it is known which events it touches.

    Attributes:
        fault: kind.
        place: terminal, system, or operator (hexadecimal).
        first, last: from when to when, aware; `last` is exclusive.
        amount: seconds that a clock is fast; else 0.
    """

    fault: str
    place: str
    first: datetime
    last: datetime
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What faults can befall: terminals, counter terminals, operators, hours in which a system was used, the days."""

    terminals: list[str]
    counters: list[str]
    operators: list[str]
    hours: list[tuple[str, datetime]]
    days: tuple[date, date]

    @classmethod
    def of(cls, terminal: pl.DataFrame, events: pl.LazyFrame) -> "Site":
        """Read it from the auditor's terminals and the log."""
        seen = events.select(
            pl.col("terminal").unique().sort().implode(), pl.col("actor").bin.encode("hex").unique().sort().implode(),
            first=pl.col("at").min().dt.date(), last=pl.col("at").max().dt.date(),
        ).collect().row(0, named=True)  # fmt: skip
        used = events.select(pl.col("system").cast(pl.String), pl.col("at").dt.truncate("1h")).unique().collect()
        hours = [(system, at.astimezone(JST)) for system, at in used.sort("system", "at").iter_rows()]
        counters = set(terminal.filter("counter")["terminal"])
        return cls(terminals=list(seen["terminal"]), counters=[t for t in seen["terminal"] if t in counters],
                   operators=list(seen["actor"]), hours=hours, days=(seen["first"], seen["last"]))  # fmt: skip


def plan(spec: DeliverySpec, site: Site, stream: Stream) -> list[Fault]:
    """The faults of one municipality; each kind draws from a place of its own."""
    whole = _at(site.days[0], 0), _at(site.days[1] + timedelta(days=1), 0)
    found = [
        Fault(fault="clock_skew", place=place, first=whole[0], last=whole[1], amount=_skew(spec, draw))
        for place, draw in _some(site.terminals, spec.clocks, stream.at("clocks"))
    ]
    found += [
        Fault(fault="shared_terminal", place=place, first=whole[0], last=whole[1])
        for place, _ in _some(site.counters, spec.shared, stream.at("shared"))
    ]
    found += [
        Fault(fault="renamed_operator", place=place, first=_at(_day(site, draw), 0), last=whole[1])
        for place, draw in _some(site.operators, spec.renamed, stream.at("renamed"))
    ]
    return [*found, *_spans(site, spec.gaps, stream.at("gaps"), "missing_hours"),
            *_spans(site, spec.breaks, stream.at("breaks"), "broken_chain")]  # fmt: skip


def _some(places: list[str], count: int, stream: Stream) -> Iterator[tuple[str, Scalar]]:
    """`count` different ones of `places`, each with randomness of its own."""
    order = stream.order("which", len(places))
    for number in order[:count]:
        yield places[int(number)], stream.at(places[int(number)]).scalar()


def _spans(site: Site, count: int, stream: Stream, kind: str) -> Iterator[Fault]:
    for number in range(count):
        draw = stream.at(number).scalar()
        system, first = site.hours[draw.below(len(site.hours))]
        yield Fault(fault=kind, place=system, first=first, last=first + timedelta(hours=1 + draw.below(3)))


def _skew(spec: DeliverySpec, draw: Scalar) -> int:
    """Seconds, at least a minute either way."""
    span = spec.most_skew_minutes * _MINUTE_S
    size = _MINUTE_S + draw.below(max(1, span - _MINUTE_S + 1))
    return size if draw.chance(0.5) else -size


def _day(site: Site, draw: Scalar) -> date:
    first, last = site.days
    return first + timedelta(days=draw.below((last - first).days + 1))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=JST)
