"""Numbers of persons and bodies: the one emitter, which gets their check digits wrong on purpose.

A number that fails its check was never issued to anyone, so no synthetic resident bears a living person's number. The
formulas stand in `check_digits`; here they are tables over halves of a number, so that a column costs a few look-ups.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from simulator.errors import UnknownNameError, UsageError
from simulator.streams import Stream
from simulator.world.check_digits import CODE_WEIGHTS, MY_NUMBER_WEIGHTS, candidates, eleven_minus, passes

Words = npt.NDArray[np.uint64]
Digits = npt.NDArray[np.uint8]

_CODE_HALVES = 10**5, 10**5
_MY_NUMBER_HALVES = 10**5, 10**6
_CORPORATE_HALVES = 10**5, 10**6
_WRONG_STEP = 5
_CARD_HALVES = 10**4, 10**4
_TELEPHONE_HALVES = 10**4, 10**3
_ROUNDS = 8
_KINDS = ("code", "my_number", "corporate", "card", "telephone")
_ZERO = np.uint8(ord("0"))
_SUMS = np.arange(31)  # three remainders together
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9]+(?![0-9A-Za-z])")


# Registry.md 2.8: 1.25×10^8 people over 10^10 bodies of resident codes, and over 10^11 of My Numbers.
COLLISIONS = "about 1.25 % of the resident codes and 0.13 % of the My Numbers are some living person's by chance"


class CheckDigits(StrEnum):
    """How emitted numbers end."""

    INVALID = "invalid"
    VALID = "valid"

    @property
    def note(self) -> str:
        """What a reader of such numbers must know."""
        if self is CheckDigits.VALID:
            return f"Resident codes and My Numbers carry valid check digits: {COLLISIONS}. For closed use only."
        return "Resident codes and My Numbers carry wrong check digits on purpose; none can have been issued."


def accept(mode: str, *, understood: bool) -> CheckDigits:
    """The mode called `mode`; "valid" only where the collisions are `understood`.

    Raises:
        UnknownNameError: there is no such mode.
        UsageError: valid numbers are asked for without a word that collisions are understood.
    """
    if mode not in list(CheckDigits):
        raise UnknownNameError("kind of check digits", mode, list(CheckDigits))
    if mode == CheckDigits.VALID and not understood:
        msg = f"with valid check digits {COLLISIONS}; for closed use, add --i-understand-collisions"
        raise UsageError(msg)
    return CheckDigits(mode)


@cache
def _digits(width: int) -> Digits:
    """Shape ``(10^width, width)``: the digits of every number of `width` digits."""
    powers = 10 ** np.arange(width - 1, -1, -1)
    digits: Digits = (np.arange(10**width)[:, None] // powers % 10).astype(np.uint8)
    return digits


@cache
def _sums(weights: tuple[int, ...], modulus: int = 11) -> npt.NDArray[np.uint8]:
    """Weighted sum (weights from the right), modulo `modulus`, of every number with as many digits."""
    total = _digits(len(weights)).astype(np.int64) @ np.array(weights[::-1])
    reduced: Digits = (total % modulus).astype(np.uint8)
    return reduced


def _remainders(parts: list[Words], widths: tuple[int, ...], weights: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Sum, not yet reduced, of the remainders of the `parts` (left to right) of bodies under `weights`."""
    total = np.zeros(len(parts[0]), dtype=np.uint8)
    end = len(weights)
    for part, width in zip(parts, widths, strict=True):
        total += _sums(weights[end - width : end])[part]
        end -= width
    return total


@cache
def _right() -> npt.NDArray[np.uint8]:
    """The usual check digit of each sum of remainders."""
    return np.array([eleven_minus(int(total) % 11) for total in _SUMS], dtype=np.uint8)


@cache
def _marks() -> npt.NDArray[np.uint16]:
    """The candidates of each sum of remainders, one bit a digit."""
    return np.array([sum(1 << digit for digit in candidates(int(t) % 11)) for t in _SUMS], dtype=np.uint16)


@cache
def _free() -> npt.NDArray[np.uint8]:
    """By marked digits and likely digit: the first unmarked one from five above the likely one."""
    table = np.zeros((1 << 10, 10), dtype=np.uint8)
    for mask in range((1 << 10) - 1):
        for likely in range(10):
            turned = ((likely + _WRONG_STEP + step) % 10 for step in range(10))
            table[mask, likely] = next(digit for digit in turned if not mask >> digit & 1)
    return table


def _mix(words: Words) -> Words:
    """The finaliser of SplitMix64: each output bit depends on each input bit."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _permuted(ordinals: Words, keys: Words, halves: tuple[int, int]) -> tuple[Words, Words]:
    left_size, right_size = (np.uint64(half) for half in halves)
    left, right = ordinals // right_size, ordinals % right_size
    for place in range(0, len(keys), 2):
        left = (left + _mix(right ^ keys[place]) % left_size) % left_size
        right = (right + _mix(left ^ keys[place + 1]) % right_size) % right_size
    return left, right


def permute(ordinals: Words, keys: Words, halves: tuple[int, int]) -> Words:
    """A keyed permutation of 0 … ``halves[0] * halves[1]``: an unbalanced Feistel network."""
    left, right = _permuted(ordinals, keys, halves)
    return left * np.uint64(halves[1]) + right


def unpermute(images: Words, keys: Words, halves: tuple[int, int]) -> Words:
    """The ordinals whose images under `permute` are `images`."""
    left_size, right_size = (np.uint64(half) for half in halves)
    left, right = images // right_size, images % right_size
    for place in range(len(keys) - 2, -1, -2):
        right = (right + right_size - _mix(left ^ keys[place + 1]) % right_size) % right_size
        left = (left + left_size - _mix(right ^ keys[place]) % left_size) % left_size
    return left * right_size + right


def _texts(parts: list[Digits]) -> pl.Series:
    """Digits side by side, each part of shape ``(n, width)``, as text."""
    characters = np.concatenate(parts, axis=1)
    characters += _ZERO
    count, width = characters.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(characters)]
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.large_string(), count, buffers)))


_SERIAL_WEIGHTS = (3, 4, 5, 6, 7, 2, 3, 4)  # of the digits before the last of the body, from the right


def serial_numbers(ordinals: Words) -> pl.Series:
    """宛名番号 or 世帯番号 of `ordinals` (0 … 8·10^8), rising with them, all different, `SERIAL_WIDTH` digits.

    Of the ten bodies that share their first digits at least nine have a check digit (see
    `check_digits.serial_number`): the ordinals take nine. Valid in every mode, since they are no national numbers.
    """
    tens, place = ordinals // np.uint64(9), (ordinals % np.uint64(9)).astype(np.int64)
    head = [tens // np.uint64(10**4), tens % np.uint64(10**4)]
    total = _remainders(head, (4, 4), _SERIAL_WEIGHTS).astype(np.int64)
    skipped = (1 - total) * 6 % 11  # the last digit that leaves remainder 1: 6 is 1/2 mod 11
    last = place + (place >= skipped)
    check = (-(total + 2 * last) % 11).astype(np.uint8)
    ends = [last.astype(np.uint8)[:, None], check[:, None]]
    return _texts([_digits(4)[head[0]], _digits(4)[head[1]], *ends])


def _thousands(halves: tuple[Words, Words]) -> list[Words]:
    """Five digits and six as five, three and three."""
    left, right = halves
    return [left, right // np.uint64(1_000), right % np.uint64(1_000)]


@dataclass(frozen=True, slots=True)
class NumberEmitter:
    """The only maker of numbers of persons and bodies; make it with `of`. Unique by permutation: no set, no retry.

    Attributes:
        keys: round keys of each kind of number.
        mode: how the numbers end.
    """

    keys: Mapping[str, Words]
    mode: CheckDigits

    @classmethod
    def of(cls, stream: Stream, mode: CheckDigits = CheckDigits.INVALID) -> Self:
        """The emitter of a nation: every municipality of a run uses the same `stream`."""
        return cls({kind: stream.bits(f"{kind}_keys", _ROUNDS) for kind in _KINDS}, CheckDigits(mode))

    def resident_codes(self, ordinals: Words) -> pl.Series:
        """Eleven digits for each of `ordinals` (the nation's numbering of persons, below 10^10)."""
        halves = list(_permuted(ordinals, self.keys["code"], _CODE_HALVES))
        sums = [_remainders(halves, (5, 5), weights) for weights in CODE_WEIGHTS]
        last = _right()[sums[0]]
        if self.mode is not CheckDigits.VALID:
            marked = np.bitwise_or.reduce([_marks()[total] for total in sums])
            last = _free()[marked, last]
        return _texts([*(_digits(5)[half] for half in halves), last[:, None]])

    def ordinal_of(self, resident_code: str) -> int:
        """The ordinal whose resident code begins as `resident_code` does (its check digit is not looked at)."""
        body = np.array([int(resident_code[:-1])], dtype=np.uint64)
        return int(unpermute(body, self.keys["code"], _CODE_HALVES)[0])

    def my_numbers(self, ordinals: Words) -> pl.Series:
        """Twelve digits for each of `ordinals`."""
        parts = _thousands(_permuted(ordinals, self.keys["my_number"], _MY_NUMBER_HALVES))
        last = _right()[_remainders(parts, (5, 3, 3), MY_NUMBER_WEIGHTS)]
        if self.mode is not CheckDigits.VALID:
            last = (last + np.uint8(_WRONG_STEP)) % np.uint8(10)
        return _texts([*(_digits(w)[p] for w, p in zip((5, 3, 3), parts, strict=True)), last[:, None]])

    def corporate_numbers(self, ordinals: Words) -> pl.Series:
        """Thirteen digits for each of `ordinals` (bodies of the nation, below 10^11); the check digit stands first."""
        parts = _thousands(_permuted(ordinals, self.keys["corporate"], _CORPORATE_HALVES))
        widths, weights = (5, 3, 3), ((1, 2, 1, 2, 1), (2, 1, 2), (1, 2, 1))
        sums = [_sums(w, 9)[p] for w, p in zip(weights, parts, strict=True)]
        first: Digits = 9 - np.sum(sums, axis=0).astype(np.uint8) % 9
        if self.mode is not CheckDigits.VALID:
            first = (first - 1 + _WRONG_STEP) % 9 + 1
        zero = np.zeros((len(first), 1), dtype=np.uint8)
        return _texts([first[:, None], zero, *(_digits(w)[p] for w, p in zip(widths, parts, strict=True))])

    def card_numbers(self, ordinals: Words) -> pl.Series:
        """Two letters, eight digits, two letters for each of `ordinals` (below 10^10), as residence cards bear.

        No check of such numbers is published, so none is claimed to fail: they are made up, no more.
        """
        first, second = _permuted(ordinals % np.uint64(10**8), self.keys["card"], _CARD_HALVES)
        letters = (ordinals // np.uint64(10**8) + _mix(first * np.uint64(_CARD_HALVES[1]) + second)) % np.uint64(26**4)
        powers = np.array([26**3, 26**2, 26, 1], dtype=np.uint64)
        four = letters[:, None] // powers % np.uint64(26) + np.uint64(ord("A") - ord("0"))
        four = four.astype(np.uint8)
        return _texts([four[:, :2], _digits(4)[first], _digits(4)[second], four[:, 2:]])

    def telephones(self, ordinals: Words) -> pl.Series:
        """Mobile numbers 000-NNNN-NNNN for each of `ordinals`, unique below 10^7, the same after that.

        No number of Japan begins with 000 (0, then an area or 70 to 90), and the eleven digits are no resident code.
        """
        halves = _permuted(ordinals % np.uint64(10**7), self.keys["telephone"], _TELEPHONE_HALVES)
        body = [np.zeros(len(ordinals), dtype=np.uint64) + halves[0] // np.uint64(100), halves[0] % np.uint64(100)]
        tens = body[1] * np.uint64(1_000) + halves[1]
        marked = np.bitwise_or.reduce([_marks()[_remainders([body[0], tens], (5, 5), w)] for w in CODE_WEIGHTS])
        last = _free()[marked, (tens % np.uint64(10)).astype(np.int64)]
        digits = pl.DataFrame({"n": _texts([_digits(5)[body[0]], _digits(5)[tens], last[:, None]])})
        parts = pl.col("n").str.slice(0, 3), pl.col("n").str.slice(3, 4), pl.col("n").str.slice(7, 4)
        return digits.select(telephone=pl.concat_str(parts, separator="-")).to_series()


def mistyped(number: str, draw: int) -> str:
    """`number` with one wrong digit or two neighbours swapped, as `draw` (any whole number from 0) says.

    What comes out passes no check of a person's number: where it would, the next mistake is made instead.
    """
    width = len(number)
    for step in range(10 * width):
        place, digit = divmod((draw + step) % (10 * width), 10)
        typed = number[:place] + str(digit) + number[place + 1 :]
        if digit == int(number[place]) and place + 1 < width:
            typed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if typed != number and not passes(typed):
            return typed
    msg = f"no mistake in a number of {width} digits fails its check"
    raise ValueError(msg)


def real_runs(text: str) -> list[str]:
    """Runs of digits in `text`, bounded by what is no digit or Latin letter, that could be a person's number."""
    runs = _RUN.findall(unicodedata.normalize("NFKC", text))
    return [run for run in runs if passes(run)]
