"""The work of a run beside what has been counted in real offices."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from simulator.clock import JST, Window
from simulator.report import rhythm
from simulator.world.calendar import business_days

YEAR = Window(date(2025, 4, 1), date(2026, 4, 1))


def events(times: list[datetime], **columns: object) -> pl.DataFrame:
    """Changes recorded at `times`."""
    frame = pl.DataFrame({"at": times}).with_columns(
        pl.col("at").dt.convert_time_zone("Asia/Tokyo"),
        action=pl.lit("update"), purpose=pl.lit("resident_change"), case_no=pl.lit("TN25-00001"),
        section=pl.lit("citizen"), resident=pl.lit(b"r"), actor=pl.lit(b"a"),
    )  # fmt: skip
    return frame.with_columns(**{name: pl.lit(value) for name, value in columns.items()})


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=JST)


def test_season_is_told_in_times_of_an_ordinary_day():
    """One change on each ordinary office day and three on each day of the peak give 3, beside 4.5."""
    days = business_days(YEAR)
    peak = [day for day in days if (3, 25) <= (day.month, day.day) <= (4, 5)]
    found = rhythm.by_season(events([at(day) for day in days + peak + peak]), YEAR)
    rows = {label: (simulated, official) for label, simulated, official in found.iter_rows()}
    assert rows["3/25–4/5"] == (pytest.approx(3), 4.5)
    assert rows["ふだん ordinary"] == (1, None)
    assert rows["4/6–4/15"] == (pytest.approx(1), None)


def test_no_season_without_its_days():
    """A window without the season, or without an ordinary day to compare with, has no picture."""
    summer = Window(date(2025, 7, 1), date(2025, 7, 20))
    assert rhythm.by_season(events([at(day) for day in business_days(summer)]), summer).is_empty()
    march = Window(date(2025, 3, 25), date(2025, 4, 1))
    assert rhythm.by_season(events([at(day) for day in business_days(march)]), march).is_empty()


def test_counter_hours_bear_the_words_of_a_real_office():
    """Issues and changes under a case are counted by hour; looks and work without a case are not."""
    day = date(2025, 6, 2)
    some = pl.concat([
        events([at(day, 12), at(day, 12), at(day, 16)]),
        events([at(day, 12)], action="view"),
        events([at(day, 12)], case_no=None).cast({"case_no": pl.String}),
    ])  # fmt: skip
    counts = dict(rhythm.by_counter_hour(some).iter_rows())
    assert counts["12時 大変混雑"] == 2
    assert counts["16時 空いている"] == 1
    assert sum(counts.values()) == 3


def test_volume_is_counted_per_resident_user_and_day():
    """Forty views of one clerk on each of two days are 40 a day, and so many per resident and year."""
    views = [at(date(2025, 6, day)) + timedelta(seconds=k) for day in (2, 3) for k in range(40)]
    found = rhythm.by_volume(events(views, action="view"), residents=100, days=73)["simulated"].to_list()
    assert found == [pytest.approx(80 / 100 * 5), 40, 40]
