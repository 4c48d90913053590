"""The figures behind the pictures, from the tables of a run."""

from collections.abc import Sequence

import polars as pl

from simulator.report.charts import LOOKALIKE, MISUSE, WEEKDAYS
from simulator.scoring import Scorecard
from simulator.workload.archetypes import records


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


def misuse(episodes: pl.DataFrame) -> pl.DataFrame:
    """Episodes of misuse in time order, each with a ``label`` and the titles of its archetype."""
    ordered = episodes.filter(pl.col("misuse")).sort("first_at", "episode_id")
    return ordered.with_columns(
        _iso("first_at", "last_at"),
        *_titles(),
        kind=pl.lit(MISUSE),
        people=pl.col("actors").list.len(),
        residents=pl.col("victims").list.len(),
        label=pl.format("{}  #{}", pl.col("archetype"), pl.int_range(1, pl.len() + 1)),
    )


def lookalikes(episodes: pl.DataFrame) -> pl.DataFrame:
    """Lawful episodes in time order; all of an archetype bear one ``label``."""
    ordered = episodes.filter(~pl.col("misuse")).sort("archetype", "first_at", "episode_id")
    many = pl.format("{}  ×{}", pl.col("archetype"), pl.len().over("archetype"))
    return ordered.with_columns(_iso("first_at", "last_at"), *_titles(), kind=pl.lit(LOOKALIKE), label=many)


def lookalike_archetypes(drawn: pl.DataFrame) -> pl.DataFrame:
    """The archetypes of `lookalikes`: episodes, staff, residents and events of each."""
    return drawn.group_by("archetype", "title_ja", "title_en", maintain_order=True).agg(
        episodes=pl.len(),
        people=pl.col("actors").explode().n_unique(),
        residents=pl.col("victims").explode().n_unique(),
        events=pl.col("event_count").sum(),
    )


def by_archetype(cards: Sequence[Scorecard]) -> pl.DataFrame:
    """Archetypes of misuse with their ``actors`` and how many each of `cards` found (``found``, in their order)."""
    lines = [(line.archetype, line.actors, line.found) for card in cards for line in card.archetypes]
    frame = pl.DataFrame(lines, schema={"archetype": pl.String, "actors": pl.Int64, "found": pl.Int64}, orient="row")
    return (
        frame.group_by("archetype", "actors", maintain_order=True)
        .agg("found")
        .sort("archetype")
        .with_columns(*_titles())
    )


_STEALTH = {
    "open": ("隠さない", "Open"),
    "middling": ("ある程度隠す", "Middling"),
    "careful": ("慎重", "Careful"),
}


def by_group(cards: Sequence[Scorecard], kind: str, section: pl.DataFrame) -> list[dict[str, object]]:
    """Groups of one `kind` (``stealth`` or ``section``): titles, ``actors`` and how many each of `cards` found."""
    titles = {code: (title, code) for code, title in section.select("section", "title").iter_rows()}
    told: dict[str, dict[str, object]] = {}
    for card in cards:
        for line in (line for line in card.groups if line.kind == kind):
            ja, en = (_STEALTH if kind == "stealth" else titles).get(line.name, (line.name, line.name))
            row = told.setdefault(line.name, {"ja": ja, "en": en, "actors": line.actors, "found": []})
            row["found"] = [*_list(row["found"]), line.found]
    order = list(_STEALTH) if kind == "stealth" else sorted(told)
    return [told[name] for name in order if name in told]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _iso(*columns: str) -> pl.Expr:
    return pl.col(*columns).dt.strftime("%Y-%m-%dT%H:%M:%S")


def _titles() -> tuple[pl.Expr, pl.Expr]:
    """Titles of the column ``archetype``; one that is not installed here has none."""
    known, name = records(), pl.col("archetype").cast(pl.String)
    return (
        name.replace_strict({k: a.title_ja for k, a in known.items()}, default="", return_dtype=pl.String).alias(
            "title_ja"
        ),
        name.replace_strict({k: a.title_en for k, a in known.items()}, default="", return_dtype=pl.String).alias(
            "title_en"
        ),
    )
