"""Puts figures, pictures and words into the template ``page.html.j2``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import altair as alt
import jinja2
import polars as pl

from simulator import storage
from simulator.dataset import Dataset
from simulator.labels import AnswerKey
from simulator.report import charts, figures
from simulator.report.people import Figure, people
from simulator.report.rhythm import rhythm
from simulator.report.spread import spread
from simulator.schema import EPISODE
from simulator.scoring import Scorecard


@dataclass(frozen=True, slots=True)
class Groups:
    """A table of how groups of misuse were found: what they are grouped by, and the rows of `figures.by_group`."""

    ja: str
    en: str
    rows: list[dict[str, object]]


def write_run_page(dataset: Dataset, path: Path, key: AnswerKey | None = None, cards: Sequence[Scorecard] = ()) -> None:
    """Write the page of `dataset` to `path`; with `key` also the episodes, with `cards` also what detectors found.

    Raises:
        StorageError: the disk would not take it.
    """
    event = dataset.table("event")
    start, days = _window(event)
    episodes = key.episodes if key is not None else pl.DataFrame(schema=EPISODE.polars)
    misuse, lookalikes = figures.misuse(episodes), figures.lookalikes(episodes)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("simulator.report", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("page.html.j2").render(
        manifest=dataset.manifest,
        root=dataset.root,
        span=_span(event),
        people=people(dataset, start, days),
        work=[
            *_work(dataset, event),
            *rhythm(dataset, event, start, days),
            *spread(dataset, event, (start, days), episodes),
        ],
        misuse=misuse.to_dicts(),
        lookalikes=figures.lookalike_archetypes(lookalikes).to_dicts(),
        timeline=charts.svg(charts.timeline(_drawn(misuse, lookalikes)), "timeline") if episodes.height else "",
        cards=cards,
        archetypes=figures.by_archetype(cards).to_dicts(),
        groups=_groups(cards, dataset),
        curves=charts.svg(_curves(cards), "curves") if cards else "",
    )
    storage.write_bytes(path, text.encode())


def _span(event: pl.DataFrame) -> tuple[date | None, date | None]:
    days = event["at"].dt.date()
    first, last = days.min(), days.max()
    return (first if isinstance(first, date) else None, last if isinstance(last, date) else None)


def _window(event: pl.DataFrame) -> tuple[date, int]:
    """First day of the log, and how many days it covers."""
    first, last = _span(event)
    return (first, (last - first).days + 1) if first and last else (date(2025, 1, 1), 1)


def _work(dataset: Dataset, event: pl.DataFrame) -> list[Figure]:
    sections = figures.by_section(event, dataset.table("section"))
    return [
        Figure(
            charts.svg(charts.heat_map(figures.by_hour(event)), "hours"),
            "曜日・時間帯別の操作件数",
            "Work by weekday and hour",
            "平日の開庁時間に操作が集まり、残業の時間帯に少し残ります。",
            "Work keeps to opening hours on weekdays, with a little overtime after them.",
        ),
        Figure(
            charts.svg(charts.bars(sections, "label", "", "操作件数 Events"), "sections"),
            "課別の操作件数",
            "Accesses by section",
            "操作履歴に記録された全件を、操作時の所属課で数えています。",
            "Every event of the log, by the section of the actor at that time.",
        ),
    ]


def _drawn(misuse: pl.DataFrame, lookalikes: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(frame.select("label", "kind", "first_at", "last_at") for frame in (misuse, lookalikes))


def _groups(cards: Sequence[Scorecard], dataset: Dataset) -> list[Groups]:
    section = dataset.table("section")
    return [
        Groups("巧妙さ", "Stealth", figures.by_group(cards, "stealth", section)),
        Groups("所属課", "Section", figures.by_group(cards, "section", section)),
    ]


def _curves(cards: Sequence[Scorecard]) -> alt.LayerChart:
    points = [(card.detector, place, *point) for card in cards for place, point in enumerate(card.curve)]
    schema = {"detector": pl.String, "place": pl.Int64, "recall": pl.Float64, "precision": pl.Float64}
    return charts.curves(pl.DataFrame(points, schema=schema, orient="row"), cards[0].prevalence)
