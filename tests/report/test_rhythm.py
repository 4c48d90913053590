"""The work of a run beside what has been counted in real offices."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from simulator.clock import JST, Window
from simulator.report import rhythm, spread
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


def looks(*rows: tuple[bytes, bytes, str | None]) -> pl.DataFrame:
    """Looks of actors at residents under cases, a minute apart."""
    day = date(2025, 6, 2)
    whole = events([at(day) + timedelta(minutes=k) for k in range(len(rows))], action="view")
    columns = zip(("actor", "resident", "case_no"), zip(*rows, strict=True), strict=True)
    return whole.with_columns(
        pl.int_range(pl.len()).alias("event_id"), *(pl.Series(name, list(column)) for name, column in columns)
    )


def test_first_looks_are_told_apart_from_later_ones():
    """Two of three first looks have a listed case, the one later look has; looks without a number count nowhere."""
    seen = looks((b"a", b"r", "TN1"), (b"a", b"r", "TN1"), (b"b", b"r", "TN2"), (b"a", b"s", "TN3"), (b"a", b"t", None))
    found = spread.by_reason(seen, pl.DataFrame({"case_no": ["TN1", "TN3"]}))
    values = dict(found.select("label", "simulated").iter_rows())
    assert values["閲覧すべて all looks"] == pytest.approx(75)
    assert values["初めての住民 first looks"] == pytest.approx(200 / 3)
    assert values["二度目以降 later looks"] == pytest.approx(100)
    assert values["証明の事務で発行 issued"] == 0


def test_spread_counts_whom_nobody_looked_at():
    """Of ten residents one has four looks in a fifth of a year: the median is 0, hers stand by the councillor's."""
    seen = looks(*[(b"a", b"r", "TN1")] * 4)
    found = spread.by_spread(seen, 10, 73, pl.Series([b"r"])).rows_by_key("label", named=True, unique=True)
    assert found["住民 resident: 中央値 median"]["simulated"] == 0
    assert found["手続のある著名人・公職者 public figure"]["simulated"] == pytest.approx(20)
    assert found["手続のある著名人・公職者 public figure"]["official"] == pytest.approx(80 / 7)
    assert found["利用者 user: 最多の日 busiest day"]["simulated"] == 4
    assert (
        "手続のある著名人・公職者 public figure"
        not in spread.by_spread(seen, 10, 73, pl.Series([], dtype=pl.Binary))["label"]
    )
