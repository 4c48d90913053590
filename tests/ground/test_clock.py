"""Time is aware, in JST and whole milliseconds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import JST, SimClock, SystemClock, Window, day_start_ms, from_ms, to_ms


@given(st.integers(0, 4_000_000_000_000))
def test_round_trip(at_ms):
    """Milliseconds to datetime and back is the identity."""
    assert to_ms(from_ms(at_ms)) == at_ms


def test_epoch_and_zone():
    """Zero is 1970 in UTC, nine in the morning in Japan."""
    assert from_ms(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert from_ms(0).hour == 9


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_day_starts_at_midnight_in_japan(day):
    """The start of a day is its midnight in JST."""
    assert from_ms(day_start_ms(day)) == datetime(day.year, day.month, day.day, tzinfo=JST)


def test_naive_time_is_refused():
    """A time without a zone raises ValueError."""
    with pytest.raises(ValueError, match="zone"):
        to_ms(datetime(2025, 4, 1))  # noqa: DTZ001


def test_window_is_half_open():
    """A window holds its first day and not its end."""
    window = Window(date(2025, 4, 1), date(2025, 4, 4))
    assert [d.day for d in window.days()] == [1, 2, 3]
    assert date(2025, 4, 1) in window
    assert date(2025, 4, 4) not in window
    assert window.day_count == 3


def test_clocks_tell_jst():
    """Both clocks give aware times; the simulated one stands still."""
    at = datetime(2025, 4, 1, 9, tzinfo=JST)
    assert SimClock(at).now() == at
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(hours=9)
    assert now.microsecond % 1000 == 0
