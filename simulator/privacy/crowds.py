"""k-anonymity, l-diversity and t-closeness of a table: how small the crowds are in which people hide.

Rows that agree in the quasi-identifiers form a class. k is the size of the smallest class; l the fewest different
values of a sensitive column in a class; t the greatest distance between a class's and the whole table's distribution.

Sources: Sweeney 2002 (k), Machanavajjhala et al. 2007 (distinct l), Li et al. 2007 (t: equal distance between
categories, ordered distance between numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from simulator.errors import UnknownNameError, UsageError

K_WANTED = 10
"""Smallest class that is not counted as small. Source: registry.md 5 (no published cell under 10)."""


@dataclass(frozen=True, slots=True)
class Anonymity:
    """What was found.

    Attributes:
        rows: of the table.
        classes: groups of rows that agree in the quasi-identifiers.
        k: rows of the smallest class.
        alone: rows that are alone in theirs.
        small: rows in classes below `wanted`.
        wanted: the size asked for.
        diversity: sensitive column → l.
        closeness: sensitive column → t, 0 to 1.
    """

    rows: int
    classes: int
    k: int
    alone: int
    small: int
    wanted: int
    diversity: dict[str, int]
    closeness: dict[str, float]

    def table(self) -> list[dict[str, str | int | float]]:
        """The same as rows of measure, value and meaning."""
        found: list[dict[str, str | int | float]] = [
            {"measure": "rows", "value": self.rows, "meaning": "rows of the table"},
            {"measure": "classes", "value": self.classes, "meaning": "groups that agree in all quasi-identifiers"},
            {"measure": "k", "value": self.k, "meaning": "rows of the smallest group"},
            {"measure": "alone", "value": self.alone, "meaning": "rows that are alone in their group"},
            {"measure": f"in groups below {self.wanted}", "value": self.small, "meaning": "rows in small groups"},
        ]
        for name, value in self.diversity.items():
            meaning = "fewest different values in a group; 1: the group gives the value away"
            found.append({"measure": f"l of {name}", "value": value, "meaning": meaning})
        for name, distance in self.closeness.items():
            meaning = "greatest distance of a group from the whole; 0: a group tells nothing more"
            found.append({"measure": f"t of {name}", "value": round(distance, 4), "meaning": meaning})
        return found


def anonymity(
    frame: pl.DataFrame, by: Sequence[str], sensitive: Sequence[str] = (), wanted: int = K_WANTED
) -> Anonymity:
    """k, l and t of `frame`.

    Args:
        frame: the table.
        by: its quasi-identifiers, what somebody may know from elsewhere.
        sensitive: columns that must not be learned.
        wanted: size of class that is enough, at least 1.

    Raises:
        UnknownNameError: a column that the table does not have.
        UsageError: no quasi-identifier, a column named twice, or an empty table.
    """
    _check(frame, by, sensitive, wanted)
    sizes = frame.group_by(by).len()["len"]
    return Anonymity(
        rows=frame.height,
        classes=len(sizes),
        k=int(sizes.min()),  # type: ignore[arg-type] # the frame is not empty
        alone=int((sizes == 1).sum()),
        small=int(sizes.filter(sizes < wanted).sum()),
        wanted=wanted,
        diversity={name: _diversity(frame, by, name) for name in sensitive},
        closeness={name: _closeness(frame, by, name) for name in sensitive},
    )


def _check(frame: pl.DataFrame, by: Sequence[str], sensitive: Sequence[str], wanted: int) -> None:
    for name in (*by, *sensitive):
        if name not in frame.columns:
            raise UnknownNameError("column", name, frame.columns)
    if not by or len({*by, *sensitive}) < len(by) + len(sensitive):
        raise UsageError("name at least one quasi-identifier, and each column once")
    if frame.is_empty() or wanted < 1:
        raise UsageError("an empty table has no classes, and a class has at least one row")


def _diversity(frame: pl.DataFrame, by: Sequence[str], name: str) -> int:
    return int(frame.group_by(by).agg(pl.col(name).n_unique())[name].min())  # type: ignore[arg-type]


def _closeness(frame: pl.DataFrame, by: Sequence[str], name: str) -> float:
    """Greatest distance: for numbers the ordered distance over their values, otherwise half the sum of differences."""
    whole = frame.group_by(value=name).agg(whole=pl.len() / frame.height)
    groups = frame.group_by(by).agg(size=pl.len()).with_row_index("class")
    inner = frame.join(groups, on=list(by), nulls_equal=True).group_by("class", "size", value=name).len()
    held = inner.select("class", "value", held=pl.col("len") / pl.col("size"))
    grid = (
        groups.select("class").join(whole, how="cross").join(held, on=["class", "value"], how="left", nulls_equal=True)
    )
    gap = grid.with_columns(gap=pl.col("held").fill_null(0.0) - pl.col("whole"))
    if not frame[name].dtype.is_numeric():
        return float(gap.group_by("class").agg(pl.col("gap").abs().sum() / 2)["gap"].max())  # type: ignore[arg-type]
    steps = max(whole.height - 1, 1)
    walked = gap.sort("class", "value").with_columns(pl.col("gap").cum_sum().over("class", order_by="value"))
    return float(walked.group_by("class").agg(pl.col("gap").abs().sum() / steps)["gap"].max())  # type: ignore[arg-type]
