"""Time: aware, JST as a fixed +09:00, to the millisecond; windows are half-open.

Inside columns an instant is an integer of milliseconds since 1970-01-01T00:00:00Z (``at_ms``); the two functions here
are the only way between that and a ``datetime``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

JST = timezone(timedelta(hours=9), "JST")
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
JST_OFFSET_MS = 9 * HOUR_MS
_EPOCH = datetime(1970, 1, 1, 9, tzinfo=JST)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00:00Z of an aware `at`.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        msg = "a time without a zone; give it one, for example tzinfo=JST"
        raise ValueError(msg)
    since = at - _EPOCH
    return since.days * DAY_MS + since.seconds * 1_000 + since.microseconds // 1_000


def from_ms(at_ms: int) -> datetime:
    """The JST instant `at_ms` milliseconds after 1970-01-01T00:00:00Z."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(JST)


def day_start_ms(day: date) -> int:
    """The millisecond at which `day` begins in Japan."""
    return (day.toordinal() - 719_163) * DAY_MS - JST_OFFSET_MS


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def day_count(self) -> int:
        """How many days the window has."""
        return (self.end - self.start).days

    def days(self) -> Iterator[date]:
        """Each day of the window, in order."""
        return (self.start + timedelta(days=i) for i in range(self.day_count))

    def __contains__(self, day: date) -> bool:
        """Whether `day` lies in the window."""
        return self.start <= day < self.end


class Clock(Protocol):
    """Whatever tells the time: a simulated clock in a run, the system's in a server."""

    def now(self) -> datetime:
        """The present instant, aware, in JST."""
        ...


class SystemClock:
    """The computer's clock, cut to milliseconds. The only place of the package that asks it."""

    def now(self) -> datetime:
        """The present instant, aware, in JST."""
        at = datetime.now(JST)
        return at.replace(microsecond=at.microsecond // 1000 * 1000)


@dataclass(slots=True)
class SimClock:
    """A clock that stands where it was put."""

    at: datetime

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at
