"""What a consistency rule is: a view of the population and an expression that is true where a record is impossible."""

from dataclasses import dataclass

import polars as pl

_SERIAL_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)  # of the nine digits of the body, from the left


def check_digit_holds(column: str) -> pl.Expr:
    """Whether a 宛名番号 or 世帯番号 is ten digits with the right last one (mod 11, weights 2–7)."""
    digits = [pl.col(column).str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(10)]
    total = pl.sum_horizontal(digit * weight for digit, weight in zip(digits, _SERIAL_WEIGHTS, strict=False))
    right = (11 - total % 11) % 11 == digits[-1]
    return pl.col(column).str.contains(r"^\d{10}$") & right


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: unique.
        meaning: what must hold, as a sentence.
        view: which rows it looks at (see `views`).
        broken: true for a row that breaks it; null counts as false.
    """

    name: str
    meaning: str
    view: str
    broken: pl.Expr


def years(earlier: str, later: str) -> pl.Expr:
    """Whole years from one date column to another."""
    last, first = (pl.col(name).dt.month().cast(pl.Int32) * 100 + pl.col(name).dt.day() for name in (later, earlier))
    return pl.col(later).dt.year() - pl.col(earlier).dt.year() - (last < first).cast(pl.Int32)


def days(earlier: str, later: str) -> pl.Expr:
    """Days from one date column to another."""
    return (pl.col(later) - pl.col(earlier)).dt.total_days()
