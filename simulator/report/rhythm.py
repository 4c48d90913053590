"""The rhythm and volume of the work beside what has been counted in real offices."""

from datetime import date, timedelta

import polars as pl

from simulator.clock import Window
from simulator.dataset import Dataset
from simulator.report import charts
from simulator.report.people import Figure
from simulator.world.calendar import business_days
from simulator.world.openings import SEASON_OF_MOVING

# Source: domain.md 3.6, Ishigaki: 4 to 5 times the ordinary day from 25 March to early April; the middle is drawn.
PEAK, PEAK_TIMES = ((3, 25), (4, 5)), 4.5
# Source: domain.md 3.6, Sakai: how busy the counters are by hour, in words from quiet to very busy.
SAKAI = {
    9: "やや混雑", 10: "混雑", 11: "混雑", 12: "大変混雑", 13: "大変混雑", 14: "やや混雑", 15: "やや混雑",
    16: "空いている",
}  # fmt: skip
# Source: domain.md 3.7: views per resident and year 3 to 6; views a day of the median user 3 to 5, of counter staff 40
# to 120. The middle of each is drawn.
VOLUMES = {
    "住民1人・年 per resident, year": 4.5,
    "利用者の中央値・日 median user, day": 4.0,
    "市民課の窓口・日 resident counter, day": 80.0,
}
YEAR_DAYS = 365
COUNTER_SECTION = "citizen"
BUSY = 0.9  # of the days of counter staff, a day busier than so many
_MOVES = (pl.col("purpose") == "resident_change") & (pl.col("action") == "update")
_ORDINARY = "ふだん ordinary"
_BESIDE = {"label": pl.String, "simulated": pl.Float64, "official": pl.Float64}


def by_season(event: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Changes recorded per office day in each part of the season of moving, in times of an ordinary day's.

    Columns label, simulated, official (null where nobody has counted). Empty if the window has no ordinary day, or
    no day of the season.
    """
    days = pl.DataFrame({"day": business_days(window)}, schema={"day": pl.Date})
    counts = event.filter(_MOVES).group_by(day=pl.col("at").dt.date()).agg(count=pl.len())
    daily = days.join(counts, on="day", how="left").with_columns(
        pl.col("count").fill_null(0), part=pl.col("day").map_elements(_part, return_dtype=pl.String)
    )
    means = dict(daily.group_by("part").agg(pl.col("count").mean()).iter_rows())
    usual = means.get(_ORDINARY)
    labels = [label for label in map(_label, SEASON_OF_MOVING) if label in means]
    if not usual or not labels:
        return pl.DataFrame(schema=_BESIDE)
    official = {_label(part): PEAK_TIMES for part in SEASON_OF_MOVING if part[:2] == PEAK}
    rows = [(_ORDINARY, 1.0, None), *((label, means[label] / usual, official.get(label)) for label in labels)]
    return pl.DataFrame(rows, schema=_BESIDE, orient="row")


def _label(part: tuple[tuple[int, int], tuple[int, int], float]) -> str:
    (month, day), (last_month, last_day), _ = part
    return f"{month}/{day}–{last_month}/{last_day}"


def _part(day: date) -> str:
    here = (day.month, day.day)
    return next((_label(part) for part in SEASON_OF_MOVING if part[0] <= here <= part[1]), _ORDINARY)


def by_counter_hour(event: pl.DataFrame) -> pl.DataFrame:
    """Certificates and changes of each counter hour: ``label`` with the word of a real office, ``count``."""
    served = event.filter(pl.col("action").is_in(["issue", "update"]) & pl.col("case_no").is_not_null())
    counts = dict(served.group_by(pl.col("at").dt.hour().cast(pl.Int64)).len().iter_rows())
    rows = [(f"{hour}時 {word}", counts.get(hour, 0)) for hour, word in SAKAI.items()]
    return pl.DataFrame(rows, schema={"label": pl.String, "count": pl.Int64}, orient="row")


def by_volume(event: pl.DataFrame, residents: int, days: int) -> pl.DataFrame:
    """Record views per resident and year, and per actor and day on duty: label, simulated, official."""
    views = event.filter((pl.col("action") == "view") & pl.col("resident").is_not_null())
    daily = views.group_by("actor", "section", day=pl.col("at").dt.date()).agg(count=pl.len())
    means = daily.group_by("actor").agg(pl.col("count").mean())["count"]
    busy = daily.filter(pl.col("section").cast(pl.String) == COUNTER_SECTION)["count"].quantile(BUSY)
    yearly = views.height / max(1, residents) * YEAR_DAYS / max(1, days)
    found = (yearly, means.median() or 0.0, busy or 0.0)
    rows = [(label, value, official) for value, (label, official) in zip(found, VOLUMES.items(), strict=True)]
    return pl.DataFrame(rows, schema=_BESIDE, orient="row")


def present(dataset: Dataset, day: date) -> int:
    """How many residents there are on the eve of `day`."""
    return dataset.table("resident").filter(pl.col("resident_since") < day).height


def rhythm(dataset: Dataset, event: pl.DataFrame, start: date, days: int) -> list[Figure]:
    """The pictures of a run of `days` days from `start`."""
    season = by_season(event, Window(start, start + timedelta(days=days)))
    hours, volumes = by_counter_hour(event), by_volume(event, present(dataset, start), days)
    drawn = [
        Figure(
            charts.svg(charts.bars(hours, "label", "", "発行・異動入力 Issues and changes"), "counter"),
            "時間帯別の受付", "Service by hour of the day",
            "言葉は堺市中区役所が公表している窓口の混み具合です。ふだんの開庁時間だけを示しています。",
            "Words: how busy the counters of a ward office in Sakai are by its own word, from quiet to very busy.",
        ),
        Figure(
            charts.svg(charts.beside(volumes, "閲覧件数 Record views", 40), "volumes"),
            "閲覧の量", "How much is viewed",
            "縦線は目安の中央（住民1人当たり年3〜6件、利用者の中央値1日3〜5件、窓口の多い日40〜120件）です。",
            "Lines: the middle of what is expected: 3–6 per resident and year; a day 3–5, at a busy counter 40–120.",
        ),
    ]  # fmt: skip
    if not season.height:
        return drawn
    moved = Figure(
        charts.svg(charts.beside(season, "ふだんの開庁日に対する倍率 Times an ordinary office day", 30), "season"),
        "引っ越しの季節の異動届", "Changes of residence in the season of moving",
        "婚姻・出生なども含む異動入力の全件です。縦線は石垣市の転入出届（3月25日からふだんの4〜5倍）の中央です。",
        "All changes, with marriages and births that know no season. Line: Ishigaki City's notices of moving.",
    )  # fmt: skip
    return [*drawn, moved]
