"""How a record is printed where it is not a plain column: birth dates of which not all is known."""

import polars as pl

# First day of each era. Source: 元号法 and the ordinances of 1912, 1926, 1989 and 2019.
ERAS = (("明治", 1868, 18680125), ("大正", 1912, 19120730), ("昭和", 1926, 19261225), ("平成", 1989, 19890108),
        ("令和", 2019, 20190501))  # fmt: skip


def birth_text(birth: pl.Expr, known: pl.Expr, nationality: pl.Expr) -> pl.Expr:
    """A birth date as printed: by era for Japanese, by year for others; 日不詳, 月日不詳 or 年月日不詳 where not known.

    Args:
        birth: column ``birth_date``.
        known: column ``birth_known``.
        nationality: column ``nationality``.
    """
    number = birth.dt.year() * 10_000 + birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day()
    year = birth.dt.year().cast(pl.String) + "年"
    for era, first, begins in ERAS:
        count = birth.dt.year() - (first - 1)
        named = pl.lit(era) + pl.when(count == 1).then(pl.lit("元")).otherwise(count.cast(pl.String)) + "年"
        year = pl.when((nationality == "JP") & (number >= begins)).then(named).otherwise(year)
    month, day = birth.dt.month().cast(pl.String) + "月", birth.dt.day().cast(pl.String) + "日"
    return (
        pl.when(known == "none").then(pl.lit("年月日不詳"))
        .when(known == "year").then(year + "月日不詳")
        .when(known == "month").then(year + month + "日不詳")
        .otherwise(year + month + day)
    )  # fmt: skip
