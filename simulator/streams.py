"""Randomness that is addressed by name, never by order.

A `Stream` is a place in a tree (``population/482012/block/7``) and keeps no state: each draw names its column, and the
key of Philox4x64-10 is SHA-256 of seed, path and column. So adding a column, a worker or an archetype changes no other
draw, and any row can be drawn alone by its number (`start`). Only raw 64-bit words of the generator are used (NumPy
promises those across versions, not its distributions), turned into values by integer arithmetic.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from itertools import accumulate
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
T = TypeVar("T")

_MASK32 = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_SPARE = np.uint64(11)
_WORDS_PER_BLOCK = 4
SEED_LIMIT = 2**128


LONG = 512
"""Thresholds from which a table is searched by a guide: the answers of a binary search, sooner."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Counts the thresholds up to a word by looking up the word's first bits.

    Attributes:
        values: the thresholds, ascending, each once, and one beyond all words.
        counts: how many thresholds lie before each of `values`.
        shift: how many low bits of a word are not looked at first.
        first: how many values lie below each value of the high bits, and one more at the end.
    """

    values: Words
    counts: npt.NDArray[np.int64]
    shift: np.uint64
    first: npt.NDArray[np.int32]

    @classmethod
    def of(cls, thresholds: Words) -> Self:
        """The guide of ascending `thresholds`, with four to eight places for each."""
        values, places = np.unique(thresholds, return_index=True)
        shift = max(0, int(values[-1]).bit_length() - (4 * len(values)).bit_length())
        edges = np.arange((int(values[-1]) >> shift) + 2, dtype=np.uint64) << np.uint64(shift)
        first = np.searchsorted(values, edges, side="left").astype(np.int32)
        counts = np.append(places, len(thresholds)).astype(np.int64)
        return cls(np.append(values, np.uint64(2**64 - 1)), counts, np.uint64(shift), first)

    def count(self, words: Words) -> Ints:
        """How many thresholds are at most each of `words`, none of which is beyond the last, shape ``(n,)``."""
        place = (words >> self.shift).astype(np.int64)
        low = self.first[place]
        found = low + (self.values[low] <= words)
        crowded = np.flatnonzero(self.first[place + 1] - low > 1)
        found[crowded] = np.searchsorted(self.values[:-1], words[crowded], side="right")
        counted: Ints = self.counts[found]
        return counted


@dataclass(frozen=True, slots=True)
class Weights:
    """A table of weights as integer thresholds: ``thresholds[i]`` is the end of choice i on a scale of 2^53."""

    thresholds: Words
    guide: "Guide | None" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Give a long table its guide."""
        object.__setattr__(self, "guide", Guide.of(self.thresholds) if len(self.thresholds) > LONG else None)

    def choose(self, words: Words) -> Ints:
        """The choice of each of `words` (below 2^53): how many thresholds are at most the word, shape ``(n,)``."""
        if self.guide is not None:
            return self.guide.count(words)
        return np.searchsorted(self.thresholds, words, side="right").astype(np.int64)

    @classmethod
    def of(cls, weights: Sequence[float | int]) -> Self:
        """Make the table of `weights`, each ≥ 0 and not all 0.

        Raises:
            ValueError: a weight is negative or not finite, or all are 0.
        """
        parts = [Decimal(w) for w in weights]
        total = sum(parts, Decimal(0))
        if not total.is_finite() or total <= 0 or any(p < 0 for p in parts):
            msg = f"weights must be finite, at least 0 and not all 0; got {list(weights)[:8]}"
            raise ValueError(msg)
        ends = [int(s * 2**53 / total) for s in accumulate(parts)]
        ends[-1] = 2**53
        return cls(np.array(ends, dtype=np.uint64))


def poisson_weights(mean: float) -> Weights:
    """The Poisson distribution of `mean` (0 < mean ≤ 700) as a table; its tail beyond 1e-16 falls on the last count.

    Computed with `decimal`, which rounds correctly everywhere, since ``math.exp`` may differ between machines.
    """
    with localcontext() as context:
        context.prec = 50
        exact = Decimal(mean)
        term, terms, total = (-exact).exp(), [], Decimal(0)
        while total < 1 - Decimal("1e-16"):
            terms.append(term)
            total += term
            term = term * exact / len(terms)
        ends = [int(s * 2**53) for s in accumulate(terms)]
    ends[-1] = 2**53
    return Weights(np.array(ends, dtype=np.uint64))


def multiply_high(words: Words, bounds: Words | np.uint64) -> Words:
    """The upper 64 bits of the 128-bit products: maps words onto [0, bound) without modulo."""
    low, high = words & _MASK32, words >> _HALF
    if np.max(bounds, initial=0) <= _MASK32:
        short: Words = (high * bounds + ((low * bounds) >> _HALF)) >> _HALF
        return short
    bound_low, bound_high = bounds & _MASK32, bounds >> _HALF
    middle = high * bound_low + ((low * bound_low) >> _HALF)
    cross = low * bound_high + (middle & _MASK32)
    product: Words = high * bound_high + (middle >> _HALF) + (cross >> _HALF)
    return product


@dataclass(frozen=True, slots=True)
class Stream:
    """One place in the tree of randomness. Stateless: the same call gives the same values for ever."""

    seed: int
    path: str = ""

    def at(self, *names: str | int) -> Self:
        """The place below this one named by `names`."""
        below = "/".join(str(name).replace("/", "%2F") for name in names)
        return type(self)(self.seed, f"{self.path}/{below}")

    def _key(self, column: str) -> Words:
        text = f"jukisim/stream/v1\n{self.path}\n{column}".encode()
        digest = hashlib.sha256(self.seed.to_bytes(16, "big") + text).digest()
        return np.array([int.from_bytes(digest[i : i + 8], "little") for i in (0, 8)], dtype=np.uint64)

    def bits(self, column: str, n: int, start: int = 0) -> Words:
        """Words `start` … ``start + n`` of `column`, shape ``(n,)``, each uniform over 64 bits."""
        block, skip = divmod(start, _WORDS_PER_BLOCK)
        counter = np.array([block, 0, 0, 0], dtype=np.uint64)
        words = np.random.Philox(key=self._key(column), counter=counter).random_raw(n + skip)
        return np.asarray(words[skip:], dtype=np.uint64)

    def below(self, column: str, n: int, bound: int | npt.NDArray[np.integer], start: int = 0) -> Ints:
        """Whole numbers in [0, bound), shape ``(n,)``; `bound` is one number or one per row, each ≥ 1."""
        bounds = np.asarray(bound).astype(np.uint64)
        return multiply_high(self.bits(column, n, start), bounds).astype(np.int64)

    def unit(self, column: str, n: int, start: int = 0) -> Floats:
        """Numbers k·2^-53 in [0, 1), shape ``(n,)``: exact, so the same on every machine."""
        words = self.bits(column, n, start)
        words >>= _SPARE
        numbers = words.astype(np.float64)
        numbers *= 2.0**-53
        return numbers

    def chance(self, column: str, n: int, rate: float | Floats, start: int = 0) -> npt.NDArray[np.bool_]:
        """True with probability `rate` (0–1, one or one per row), shape ``(n,)``."""
        if np.ndim(rate):
            return self.unit(column, n, start) < rate
        most = min(max(math.ceil(float(rate) * 2.0**53), 0), 2**53)  # k·2^-53 < rate, in whole numbers
        return self.bits(column, n, start) >> _SPARE < np.uint64(most)

    def pick(self, column: str, n: int, weights: Weights, start: int = 0) -> Ints:
        """Choices 0 … len(weights) by weight, shape ``(n,)``."""
        words = self.bits(column, n, start) >> _SPARE
        return weights.choose(words)

    def order(self, column: str, n: int) -> Ints:
        """A random order of 0 … n, shape ``(n,)``."""
        return np.argsort(self.bits(column, n), kind="stable").astype(np.int64)

    def scalar(self, column: str = "scalar") -> "Scalar":
        """A sequential source for one small story, such as an episode."""
        return Scalar(self, column)


class Scalar:
    """Draws in sequence from one column of a stream: for stories whose steps depend on what came before."""

    def __init__(self, stream: Stream, column: str) -> None:
        """Start at the beginning of `column` of `stream`."""
        self._stream, self._column, self._next = stream, column, 0
        self._buffer: Words = np.empty(0, dtype=np.uint64)

    def _word(self) -> int:
        place = self._next % 64
        if place == 0:
            self._buffer = self._stream.bits(self._column, 64, self._next)
        self._next += 1
        return int(self._buffer[place])

    def word(self) -> int:
        """64 random bits."""
        return self._word()

    def below(self, bound: int) -> int:
        """A whole number in [0, bound), bound ≥ 1."""
        return (self._word() * bound) >> 64

    def unit(self) -> float:
        """A number in [0, 1)."""
        return float((self._word() >> 11) * 2.0**-53)

    def chance(self, rate: float) -> bool:
        """True with probability `rate`."""
        return self.unit() < rate

    def between(self, low: int, high: int) -> int:
        """A whole number in [low, high], both ends possible."""
        return low + self.below(high - low + 1)

    def choice(self, items: Sequence[T]) -> T:
        """One of `items`, each as likely.

        Raises:
            ValueError: there are none.
        """
        if not items:
            msg = "nothing to choose from"
            raise ValueError(msg)
        return items[self.below(len(items))]

    def pick(self, weights: Weights) -> int:
        """The number of one choice by weight."""
        word = self._word() >> 11
        return int(np.searchsorted(weights.thresholds, np.uint64(word), side="right"))
