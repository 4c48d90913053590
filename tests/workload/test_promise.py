"""A scenario's promise is a number of episodes, or so many on average, and a run that breaks it is told."""

import pytest

from simulator.errors import SpecError
from simulator.streams import Stream
from simulator.workload import Promise


def _counts(rate, staff, days, rounds=400):
    promise = Promise.of("M04", {"per_100_staff_year": rate})
    return promise, [promise.count(staff, days, Stream(seed, "/promise")) for seed in range(rounds)]


def test_a_number_is_played_as_it_is():
    """So many episodes, whatever the office and the window."""
    promise = Promise.of("M04", {"episodes": 7, "stealth": 0.2})
    assert promise.count(10, 1, Stream(1)) == promise.count(900, 365, Stream(2)) == 7
    assert promise.params.stealth == 0.2
    assert promise.holds(7, 10, 1)
    assert not promise.holds(6, 10, 1)


def test_a_rate_gives_a_poisson_number():
    """Mean and variance of the counts are the promised average, within four standard errors."""
    promise, counts = _counts(2.0, 600, 365)
    mean = promise.expected(600, 365)
    assert mean == 12.0
    n = len(counts)
    average = sum(counts) / n
    variance = sum((c - average) ** 2 for c in counts) / (n - 1)
    assert abs(average - mean) < 4 * (mean / n) ** 0.5
    assert abs(variance - mean) < 4 * (mean / n + 2 * mean**2 / (n - 1)) ** 0.5
    assert all(promise.holds(c, 600, 365) for c in counts)


def test_a_rate_grows_with_staff_and_days():
    """Half a year of twice the staff promises as much."""
    promise = Promise.of("M01", {"per_100_staff_year": 1.0})
    assert promise.expected(200, 365) == promise.expected(400, 182.5)
    assert promise.expected(0, 365) == 0
    assert promise.count(0, 365, Stream(1)) == 0


def test_numbers_outside_the_exact_interval_break_the_promise():
    """Of 24 expected none or seventy break it; of two expected one run alone shows nothing."""
    promise = Promise.of("M04", {"per_100_staff_year": 4.0})
    assert not promise.holds(0, 600, 365)
    assert not promise.holds(70, 600, 365)
    assert promise.holds(24, 600, 365)
    assert promise.holds(0, 60, 365)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "needs episodes = N, a count, or per_100_staff_year"),
        ({"episodes": 1, "per_100_staff_year": 1.0}, "needs episodes = N"),
        ({"per_100_staff_year": -1}, "must lie in 0–100, not -1"),
        ({"per_100_staff_year": "2"}, "must lie in 0–100, not '2'"),
        ({"per_100_staff_year": float("nan")}, "must lie in 0–100"),
    ],
)
def test_bad_promises_are_named(values, words):
    """Neither, both, or a value out of range is refused with what would be right."""
    with pytest.raises(SpecError, match=rf"misuse\.M04.*{words}"):
        Promise.of("M04", values)
