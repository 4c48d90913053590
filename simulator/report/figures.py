"""The figures behind the pictures, from the tables of a run."""

import polars as pl

from simulator.report.charts import WEEKDAYS

OLDEST_BAND = 100
HOUSEHOLD_MOST = 7


def by_age(resident: pl.DataFrame, at: pl.Expr) -> pl.DataFrame:
    """Residents by five-year band and sex, at the day `at`."""
    birth = pl.col("birth_date")
    before = (birth.dt.month() * 100 + birth.dt.day()) > (at.dt.month() * 100 + at.dt.day())
    age = (at.dt.year() - birth.dt.year() - before.cast(pl.Int32)).clip(0, OLDEST_BAND)
    text = pl.col("age").cast(pl.String)
    band = (
        pl.when(pl.col("age") == OLDEST_BAND)
        .then(text + "+")
        .otherwise(text + "–" + (pl.col("age") + 4).cast(pl.String))
    )
    grouped = (
        resident.select(pl.col("sex").cast(pl.String), age=age // 5 * 5).group_by("age", "sex").agg(count=pl.len())
    )
    return grouped.with_columns(band=band).sort("age", "sex")


def by_household_size(household: pl.DataFrame) -> pl.DataFrame:
    """Households by number of members at the start of the window; those that came later are left out."""
    present = household.filter(pl.col("size") > 0).select(pl.col("size").clip(upper_bound=HOUSEHOLD_MOST))
    counts = present.group_by("size").agg(count=pl.len()).sort("size")
    more = pl.when(pl.col("size") == HOUSEHOLD_MOST).then(pl.lit("+")).otherwise(pl.lit(""))
    return counts.select("count", label=pl.col("size").cast(pl.String) + more + "人")


def by_hour(event: pl.DataFrame) -> pl.DataFrame:
    """Events by hour and weekday; hours and days without any are 0."""
    counts = event.select(hour=pl.col("at").dt.hour().cast(pl.Int64), day=pl.col("at").dt.weekday().cast(pl.Int64))
    counts = counts.group_by("hour", "day").agg(count=pl.len())
    grid = pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int64}).join(
        pl.DataFrame({"day": range(1, 8), "weekday": WEEKDAYS}, schema={"day": pl.Int64, "weekday": pl.String}),
        how="cross",
    )
    full = grid.join(counts, on=["hour", "day"], how="left").with_columns(pl.col("count").fill_null(0))
    return full.sort("day", "hour").select("hour", "weekday", "count")


def by_section(event: pl.DataFrame, section: pl.DataFrame) -> pl.DataFrame:
    """Events by section, the most first."""
    titles = section.select("section", label="title").unique("section", keep="first", maintain_order=True)
    counts = event.group_by("section").agg(count=pl.len()).join(titles, on="section", how="left")
    return counts.with_columns(pl.col("label").fill_null(pl.col("section"))).sort(
        "count", "label", descending=[True, False]
    )


def stories(episodes: pl.DataFrame) -> pl.DataFrame:
    """Episodes in time order, as the time line shows them."""
    kind = pl.when(pl.col("misuse")).then(pl.lit("不正 Misuse")).otherwise(pl.lit("類似の正当業務 Lawful look-alike"))
    ordered = episodes.sort("first_at", "episode_id")
    instants = pl.col("first_at", "last_at").dt.strftime("%Y-%m-%dT%H:%M:%S")
    return ordered.with_columns(
        instants,
        kind=kind,
        people=pl.col("actors").list.len(),
        residents=pl.col("victims").list.len(),
        label=pl.format("{}  {}", pl.col("archetype"), pl.int_range(1, pl.len() + 1)),
    )
