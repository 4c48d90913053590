"""What a consistency rule is: a view of the population and an expression that is true where a record is impossible."""

from dataclasses import dataclass

import polars as pl


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
