"""Randomness by name: the same for ever, in any order, from any row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.streams import Stream, Weights, multiply_high, poisson_weights

STREAM = Stream(7).at("population", "482012", "block", 3)


def test_words_are_frozen():
    """The first words of a named column never change: they are part of the data version."""
    assert Stream(7).at("a", 3).below("x", 5, 10).tolist() == [2, 7, 7, 0, 0]


@given(start=st.integers(0, 1000), n=st.integers(1, 50))
def test_any_row_can_be_drawn_alone(start, n):
    """Rows drawn from `start` equal the same rows of a longer draw."""
    whole = STREAM.bits("sex", 1050)
    assert (STREAM.bits("sex", n, start) == whole[start : start + n]).all()


def test_columns_and_paths_are_independent():
    """Another column, another path or another seed gives other words."""
    words = {tuple(s.bits(c, 4)) for s in (STREAM, STREAM.at("x"), Stream(8)) for c in ("a", "b")}
    assert len(words) == 6


def test_names_cannot_be_confused():
    """A slash in a name is not a step of the path."""
    assert Stream(1).at("a/b").path != Stream(1).at("a", "b").path


@given(word=st.integers(0, 2**64 - 1), bound=st.integers(1, 2**63))
def test_multiply_high_is_the_upper_half_of_the_product(word, bound):
    """The integer mapping equals exact arithmetic."""
    got = multiply_high(np.array([word], dtype=np.uint64), np.array([bound], dtype=np.uint64))
    assert int(got[0]) == word * bound >> 64


def test_below_covers_its_range():
    """Every value of a small range occurs, none outside, with one bound a row as well."""
    assert set(STREAM.below("d", 2000, 6).tolist()) == set(range(6))
    bounds = np.arange(1, 501)
    assert (STREAM.below("e", 500, bounds) < bounds).all()


def test_pick_follows_the_weights():
    """Choices come in proportion to their weights, and never with weight 0."""
    counts = np.bincount(STREAM.pick("p", 100_000, Weights.of([1, 0, 3])), minlength=3)
    assert counts[1] == 0
    assert abs(counts[0] / 100_000 - 0.25) < 5 * (0.25 * 0.75 / 100_000) ** 0.5


@pytest.mark.parametrize("bad", [[], [0, 0], [-1, 2], [float("nan")], [float("inf")]])
def test_impossible_weights_are_refused(bad):
    """Weights that cannot be a distribution raise ValueError."""
    with pytest.raises(ValueError, match="weights"):
        Weights.of(bad)


def test_poisson_has_its_mean_and_variance():
    """The table's draws have mean and variance of the Poisson distribution."""
    draws = STREAM.pick("n", 200_000, poisson_weights(3.7))
    assert abs(draws.mean() - 3.7) < 5 * (3.7 / 200_000) ** 0.5
    assert abs(draws.var() - 3.7) < 0.1


def test_order_is_a_permutation():
    """`order` holds every row once and is not the identity."""
    order = STREAM.order("o", 1000)
    assert sorted(order.tolist()) == list(range(1000))
    assert order.tolist() != list(range(1000))


def test_scalar_draws_in_sequence():
    """A sequential source repeats itself from the start and stays within its bounds."""
    first, second = STREAM.scalar(), STREAM.scalar()
    rolls = [first.between(2, 5) for _ in range(300)]
    assert rolls == [second.between(2, 5) for _ in range(300)]
    assert set(rolls) == {2, 3, 4, 5}
    assert first.choice("abc") in "abc"
    assert isinstance(first.chance(0.5), bool)
    assert first.pick(Weights.of([0, 1])) == 1
    with pytest.raises(ValueError, match="nothing"):
        first.choice([])


@pytest.mark.parametrize(
    "weights", [[1] * 5_000, list(range(2_000)), [10**9, *[1] * 3_000], [0, 3] * 2_000, [0] * 999 + [1]]
)
def test_long_tables_are_searched_as_short_ones(weights):
    """The guide gives the choices of a binary search, at the thresholds and beside them too."""
    table = Weights.of(weights)
    assert table.guide is not None
    words = Stream(8).bits("words", 20_000) >> np.uint64(11)
    edges = np.concatenate([table.thresholds, table.thresholds - np.uint64(1), table.thresholds + np.uint64(1)])
    words = np.concatenate([words, edges[edges < 2**53], np.array([0, 2**53 - 1], dtype=np.uint64)])
    assert (table.choose(words) == np.searchsorted(table.thresholds, words, side="right")).all()
