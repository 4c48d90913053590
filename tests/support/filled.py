"""A frame of a table with the columns that a test does not care about filled in."""

from datetime import date

import polars as pl


def filled(table, frame):
    """`frame` as `table`: columns that are missing become null, else the first choice, an early day, zero or 0."""
    lacking = [column for column in table if column.name not in frame.columns]
    return table.conform(frame.with_columns(_nothing(column).alias(column.name) for column in lacking))


def _nothing(column):
    if column.nullable:
        return pl.lit(None, column.dtype)
    if column.choices:
        return pl.lit(column.choices[0], column.dtype)
    plain = {pl.Date: date(2000, 1, 1), pl.String: "0", pl.Boolean: False}
    return pl.lit(plain.get(column.dtype, 0), column.dtype)
