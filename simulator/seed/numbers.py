"""How many numbers of a register carry a check digit that is wrong on purpose."""

from collections.abc import Sequence

import polars as pl

from simulator.world.check_digits import LIKELY, MY_NUMBER_WEIGHTS

_WEIGHTS = {"resident_code": LIKELY, "my_number": MY_NUMBER_WEIGHTS}
_MODULUS = 11


def wrong_check_digits(residents: pl.DataFrame) -> dict[str, int]:
    """By column of `residents`: how many numbers a system that checks them would refuse."""
    found = residents.select(_wrong(column, weights).sum().alias(column) for column, weights in _WEIGHTS.items())
    return {name: int(count) for name, count in found.row(0, named=True).items()}


def _wrong(column: str, weights: Sequence[int]) -> pl.Expr:
    """Whether the last digit is not the check digit of those before it; `weights` count from the right."""
    last = len(weights)
    remainder = pl.sum_horizontal(_digit(column, last - 1 - i) * weight for i, weight in enumerate(weights)) % _MODULUS
    right = pl.when(remainder <= 1).then(0).otherwise(_MODULUS - remainder)
    return _digit(column, last) != right


def _digit(column: str, place: int) -> pl.Expr:
    return pl.col(column).str.slice(place, 1).cast(pl.Int64)
