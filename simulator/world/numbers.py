"""Numbers of persons and bodies: true check digits, and the one emitter, which gets them wrong on purpose.

A number that fails its check was never issued to anyone, so no synthetic resident bears a living person's number.
Source of all formulas: domain.md 2.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from simulator.streams import Stream

Words = npt.NDArray[np.uint64]
Digits = npt.NDArray[np.uint8]

CODE_BODIES = 10**10
MY_NUMBER_BODIES = 10**11
_CYCLE = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5)
_RISING = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
# Weights from the right. The first is the likely formula; the notice itself was not found (domain.md 2), so the other
# mod-11 weightings in common use count as candidates too and no emitted code passes any.
CODE_WEIGHTS = (_CYCLE, _CYCLE[::-1], _RISING, _RISING[::-1])
_MY_NUMBER_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)
_WRONG_STEP = 5
_ROUNDS = 8


class CheckDigits(StrEnum):
    """How emitted numbers end."""

    INVALID = "invalid"
    VALID = "valid"


def _digits(bodies: Words, width: int) -> Digits:
    powers = np.uint64(10) ** np.arange(width - 1, -1, -1, dtype=np.uint64)
    digits: Digits = (bodies[:, None] // powers % np.uint64(10)).astype(np.uint8)
    return digits


def _remainders(digits: Digits, weights: tuple[int, ...]) -> npt.NDArray[np.int64]:
    total: npt.NDArray[np.int64] = digits[:, ::-1].astype(np.int64) @ np.array(weights, dtype=np.int64)
    return total % 11


def _eleven_minus(remainders: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.where(remainders <= 1, 0, 11 - remainders)


def resident_code_candidates(body: str) -> set[int]:
    """Every check digit that some candidate formula would give to the ten-digit `body`."""
    allowed = _forbidden(_digits(np.array([int(body)], dtype=np.uint64), 10))[0]
    return {int(digit) for digit in np.flatnonzero(allowed)}


def resident_code_check(body: str) -> int:
    """The likely check digit of a ten-digit `body` of a 住民票コード."""
    return int(_eleven_minus(_remainders(_digits(np.array([int(body)], dtype=np.uint64), 10), _CYCLE))[0])


def my_number_check(body: str) -> int:
    """The check digit of an eleven-digit `body` of a 個人番号. Source: 平成26年総務省令85号5条."""
    digits = _digits(np.array([int(body)], dtype=np.uint64), 11)
    return int(_eleven_minus(_remainders(digits, _MY_NUMBER_WEIGHTS))[0])


def corporate_check(body: str) -> int:
    """The check digit, which stands first, of a twelve-digit `body` of a 法人番号."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(body)))
    return 9 - total % 9


def municipality_check(body: str) -> int:
    """The check digit of a five-digit `body` of a 全国地方公共団体コード."""
    total = sum(int(digit) * weight for digit, weight in zip(body, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10


def serial_number(serial: int, width: int) -> str | None:
    """A 宛名番号 or 世帯番号: `serial` in `width` − 1 digits and a check digit; None for bodies to be skipped.

    Mod 11 with weights 2–7; the specification leaves remainder 1 undefined (ASSUMED: such bodies are not used).
    """
    body = f"{serial:0{width - 1}d}"
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body)))
    remainder = total % 11
    return None if remainder == 1 else body + str((11 - remainder) % 11)


def _forbidden(digits: Digits) -> npt.NDArray[np.bool_]:
    """Shape ``(n, 10)``: whether a candidate formula gives that check digit."""
    rows = np.arange(len(digits))
    marked = np.zeros((len(digits), 10), dtype=np.bool_)
    for weights in CODE_WEIGHTS:
        remainders = _remainders(digits, weights)
        for candidate in (_eleven_minus(remainders), (11 - remainders) % 11 % 10, remainders % 10):
            marked[rows, candidate] = True
    return marked


def _wrong_code_digits(digits: Digits) -> npt.NDArray[np.int64]:
    """A check digit outside all candidates: the first free one from five above the likely one."""
    first = (_eleven_minus(_remainders(digits, _CYCLE)) + _WRONG_STEP) % 10
    turned = (first[:, None] + np.arange(10)) % 10
    free = ~np.take_along_axis(_forbidden(digits), turned, axis=1)
    wrong: npt.NDArray[np.int64] = (first + free.argmax(axis=1)) % 10
    return wrong


def _mix(words: Words) -> Words:
    """The finaliser of SplitMix64: each output bit depends on each input bit."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def permute(ordinals: Words, keys: Words, halves: tuple[int, int]) -> Words:
    """A keyed permutation of 0 … ``halves[0] * halves[1]``: an unbalanced Feistel network."""
    left_size, right_size = (np.uint64(half) for half in halves)
    left, right = ordinals // right_size, ordinals % right_size
    for place in range(0, len(keys), 2):
        left = (left + _mix(right ^ keys[place]) % left_size) % left_size
        right = (right + _mix(left ^ keys[place + 1]) % right_size) % right_size
    return left * right_size + right


def _texts(digits: Digits) -> pl.Series:
    count, width = digits.shape
    characters = np.ascontiguousarray(digits + np.uint8(ord("0")))
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(characters)]
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.large_string(), count, buffers)))


@dataclass(frozen=True, slots=True)
class NumberEmitter:
    """The only maker of resident codes and My Numbers; make it with `of`. Unique by permutation, no set, no retry.

    Attributes:
        code_keys: round keys of the resident codes.
        my_number_keys: round keys of the My Numbers.
        mode: how the numbers end.
    """

    code_keys: Words
    my_number_keys: Words
    mode: CheckDigits

    @classmethod
    def of(cls, stream: Stream, mode: CheckDigits = CheckDigits.INVALID) -> Self:
        """The emitter of a nation: every municipality of a run uses the same `stream`."""
        keys = stream.bits("code_keys", _ROUNDS), stream.bits("my_number_keys", _ROUNDS)
        return cls(*keys, CheckDigits(mode))

    def resident_codes(self, ordinals: Words) -> pl.Series:
        """Eleven digits for each of `ordinals` (the nation's numbering of persons, below 10^10)."""
        digits = _digits(permute(ordinals, self.code_keys, (10**5, 10**5)), 10)
        valid = self.mode is CheckDigits.VALID
        last = _eleven_minus(_remainders(digits, _CYCLE)) if valid else _wrong_code_digits(digits)
        return _texts(np.column_stack([digits, last.astype(np.uint8)]))

    def my_numbers(self, ordinals: Words) -> pl.Series:
        """Twelve digits for each of `ordinals`."""
        digits = _digits(permute(ordinals, self.my_number_keys, (10**5, 10**6)), 11)
        right = _eleven_minus(_remainders(digits, _MY_NUMBER_WEIGHTS))
        last = right if self.mode is CheckDigits.VALID else (right + _WRONG_STEP) % 10
        return _texts(np.column_stack([digits, last.astype(np.uint8)]))
