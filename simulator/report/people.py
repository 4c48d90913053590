"""The people of a run beside the official figures: pyramid, household sizes, surnames, births, deaths and moves."""

from dataclasses import dataclass
from datetime import date

import altair as alt
import polars as pl

from simulator.dataset import Dataset
from simulator.report import charts
from simulator.world.ages import FEMALE, MALE
from simulator.world.folding import fold_name
from simulator.world.official import HOUSEHOLD_SIZES, YEARLY
from simulator.world.surnames import head

BAND_YEARS, OLDEST_BAND = 5, 85
TOP_SURNAMES = 20
SURNAME_PEOPLE_K = 127_700  # Source: domain.md 6.3, thousands of people that the estimates add up to
YEAR_DAYS = 365
_TITLES = {"出生": "出生 Births", "死亡": "死亡 Deaths", "転入": "転入 Moves in", "転出": "転出 Moves out"}
_ABROAD = {"国外転入": "転入", "特例転入": "転入", "国外転出": "転出", "特例転出": "転出"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words in both languages."""

    svg: str
    title_ja: str
    title_en: str
    words_ja: str
    words_en: str


def by_age(resident: pl.DataFrame, at: date) -> pl.DataFrame:
    """Residents by five-year band and sex on the day `at`, 85 and over together, and as the census has them."""
    birth = pl.col("birth_date").dt
    later = birth.month().cast(pl.Int32) * 100 + birth.day() > at.month * 100 + at.day
    age = (at.year - birth.year() - later.cast(pl.Int32)).clip(0, OLDEST_BAND)
    grouped = resident.select(pl.col("sex").cast(pl.String), age=age // BAND_YEARS * BAND_YEARS)
    counts = grouped.group_by("age", "sex").agg(count=pl.len())
    found = _census().join(counts, on=["age", "sex"], how="left").with_columns(pl.col("count").fill_null(0))
    return found.with_columns(official=pl.col("share") * pl.col("count").sum()).sort("age", "sex")


def _census() -> pl.DataFrame:
    whole = sum(MALE) + sum(FEMALE)
    rows = [
        (place * BAND_YEARS, sex, value / whole)
        for sex, values in (("male", MALE), ("female", FEMALE))
        for place, value in enumerate(values)
    ]
    band = pl.col("age").cast(pl.String) + pl.when(pl.col("age") < OLDEST_BAND).then(
        "–" + (pl.col("age") + BAND_YEARS - 1).cast(pl.String)
    ).otherwise(pl.lit("+"))
    frame = pl.DataFrame(rows, schema=["age", "sex", "share"], orient="row")
    return frame.with_columns(pl.col("age").cast(pl.Int32), band=band)


def by_household_size(household: pl.DataFrame) -> pl.DataFrame:
    """Share of private households by number of members at the start, in %, beside the census."""
    most = len(HOUSEHOLD_SIZES)
    private = household.filter((pl.col("size") > 0) & (pl.col("kind").cast(pl.String) != "institution"))
    counts = dict(private.group_by(pl.col("size").clip(upper_bound=most)).len().iter_rows())
    whole = max(1, sum(counts.values()))
    labels = [f"{size}人" if size < most else f"{size}人以上" for size in range(1, most + 1)]
    simulated = [100 * counts.get(size, 0) / whole for size in range(1, most + 1)]
    return _beside(labels, simulated, [100 * share for share in HOUSEHOLD_SIZES])


def by_surname(resident: pl.DataFrame) -> pl.DataFrame:
    """Share of the twenty most frequent surnames among Japanese residents, in %, beside the estimates."""
    names = list(head().items())[:TOP_SURNAMES]
    japanese = resident.filter(pl.col("nationality") == "JP")["family_name"]
    counts: dict[str, int] = {}
    for name, count in japanese.value_counts().iter_rows():
        key = name if name in dict(names) else fold_name(name)
        counts[key] = counts.get(key, 0) + count
    whole = max(1, len(japanese))
    simulated = [100 * counts.get(name, 0) / whole for name, _ in names]
    return _beside([name for name, _ in names], simulated, [100 * people / SURNAME_PEOPLE_K for _, people in names])


def by_event(change: pl.DataFrame, residents: int, days: int) -> pl.DataFrame:
    """Births and deaths, and in a window of a year moves, per 1,000 residents and year, beside the official ones.

    Moves gather in March and April: a part of a year has no official figure.
    """
    reasons = [reason for reason in YEARLY if days >= YEAR_DAYS or reason in ("出生", "死亡")]
    word = pl.col("reason").cast(pl.String).replace(_ABROAD)
    counts = dict(change.group_by(word).len().iter_rows())
    scale = 1_000 * YEAR_DAYS / max(1, residents) / max(1, days)
    simulated = [counts.get(reason, 0) * scale for reason in reasons]
    return _beside([_TITLES[reason] for reason in reasons], simulated, [YEARLY[reason] for reason in reasons])


def _beside(labels: list[str], simulated: list[float], official: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"label": labels, "simulated": simulated, "official": official})


def people(dataset: Dataset, start: date, days: int) -> list[Figure]:
    """The pictures, for those present on the day `start` of a run of `days` days."""
    present = dataset.table("resident").filter(pl.col("resident_since") < start)
    sizes, names = by_household_size(dataset.table("household")), by_surname(present)
    events = by_event(dataset.table("change"), present.height, days)
    return [
        Figure(
            charts.svg(charts.pyramid(by_age(present, start)), "pyramid"),
            "年齢5歳階級別人口",
            "Residents by age and sex",
            "期間の初日に住民票のある人。左が男性、右が女性。縦線は令和2年国勢調査の構成比による人数です。",
            "Residents on the first day; men left, women right. Lines: as many as the census of 2020 has.",
        ),
        _figure(
            charts.beside(sizes, "割合 Share, %", 40), "sizes", "世帯人員別の一般世帯", "Private households by size",
            "縦線は令和2年国勢調査です。", "Lines: census of 2020.",
        ),
        _figure(
            charts.beside(names, "割合 Share, %"), "surnames", "多い氏（上位20）", "The twenty most frequent surnames",
            "日本人住民に占める割合。縦線は推計人口による割合です。",
            "Share of Japanese residents. Lines: estimates of the whole country.",
        ),
        _figure(
            charts.beside(events, "人口千人当たり年率 Per 1,000 a year", 40),
            "events", "出生・死亡・転出入", "Births, deaths and moves",
            "縦線は2023年の全国値。転出入は期間が1年以上のときだけ比べます（3・4月に集中するため）。",
            "Lines: the whole country in 2023. Moves gather in March and April: compared over whole years only.",
        ),
    ]  # fmt: skip


def _figure(chart: alt.LayerChart, name: str, *words: str) -> Figure:
    return Figure(charts.svg(chart, name), *words)
