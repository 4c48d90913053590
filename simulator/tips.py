"""What the office has learnt, and when: labels as an auditor has them, late and incomplete, beside the truth.

Nearly all published cases came to light by complaints and letters, months or years later, and about one record; only a
wider look finds the rest (a pharmacist's 14 patients became 844). Some complaints are about lawful work. Whoever trains
on such labels learns from fewer, later and partly wrong ones than the answer key holds. Sources: domain.md 4.1 and 5,
California Pacific 2013–14.
"""

from datetime import date, timedelta
from typing import Any

import polars as pl

from simulator.dataset import Dataset
from simulator.labels import AnswerKey
from simulator.schema import KNOWN
from simulator.streams import Stream

ASSUMED_WIDER_RATE = 0.5
"""Share of cases after which the office looks through everything that the actor did."""
ASSUMED_WIDER_DAYS = 90
"""Within so many days of the tip the wider look is done."""
ASSUMED_UNFOUNDED_RATE = 0.001
"""Share of lawful look-alike episodes about which somebody complains."""
ASSUMED_UNFOUNDED_DAYS = 180
_CLEARED = "complaint"


def reported(episodes: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The `episodes` that somebody tells of: misuse that came to light, and look-alikes about which people complain.

    Args:
        episodes: table ``episode``, or its columns episode_id, episode_kind, misuse and channel; of the whole run.
        seed: of the run.
    """
    light = episodes.filter(pl.col("misuse"), pl.col("channel").cast(pl.String) != "none")
    lawful = episodes.filter(pl.col("episode_kind") == "look-alike").sort("episode_id")
    blamed = Stream(seed).at("tips").chance("unfounded", lawful.height, ASSUMED_UNFOUNDED_RATE)
    return pl.concat([light, lawful.filter(pl.Series(blamed))])


def known(dataset: Dataset, key: AnswerKey, seed: int) -> pl.DataFrame:
    """Table ``known``: the events that somebody has told the office of, or that a wider look has found.

    Args:
        dataset: the run.
        key: its answers; how and when each episode came to light stands there.
        seed: of the run; each episode draws from a place of its own, so no other changes it.
    """
    return told(dataset, key, reported(key.episodes, seed), seed)


def told(dataset: Dataset, key: AnswerKey, chosen: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Table ``known`` of the `chosen` episodes, which are `reported`; `key` may hold no others."""
    place = Stream(seed).at("tips")
    found: list[dict[str, Any]] = []
    events = _events(dataset, key, chosen)
    for episode in chosen.iter_rows(named=True):
        mine, draw = events[(episode["episode_id"],)], place.at(episode["episode_id"]).scalar()
        if episode["misuse"]:
            found += _founded(mine, episode, wider=draw.chance(ASSUMED_WIDER_RATE), days=draw.below(ASSUMED_WIDER_DAYS))
        else:
            found += _unfounded(mine, draw.below(mine.height), 1 + draw.below(ASSUMED_UNFOUNDED_DAYS))
    return KNOWN.conform(pl.DataFrame(found, schema=KNOWN.polars)).sort("event_id")


def _events(dataset: Dataset, key: AnswerKey, chosen: pl.DataFrame) -> dict[tuple[Any, ...], pl.DataFrame]:
    """Events of the `chosen` episodes by episode_id, twins left out: event_id, resident, at."""
    labels = key.labels.filter(pl.col("archetype") != "TWIN").select("event_id", "episode_id")
    wanted = labels.join(chosen.select("episode_id"), on="episode_id", how="semi")
    whole = dataset.scan("event").select("event_id", "resident", "at").join(wanted.lazy(), on="event_id").collect()
    return whole.sort("event_id").partition_by("episode_id", as_dict=True, include_key=False)


def _founded(mine: pl.DataFrame, episode: dict[str, Any], *, wider: bool, days: int) -> list[dict[str, Any]]:
    """The looks at the one whom most of them concern; the others too where the office looks wider."""
    whose = mine.drop_nulls("resident").group_by("resident").len().sort("len", "resident", descending=[True, False])
    first = whose["resident"][0] if whose.height else None
    told = episode["last_at"].date() + timedelta(days=episode["found_after_days"])
    rows = []
    for event_id, resident in mine.select("event_id", "resident").iter_rows():
        about = first is None or resident == first
        if about or wider:
            rows.append(
                _row(event_id, told if about else told + timedelta(days=days), episode["channel"], founded=True)
            )
    return rows


def _unfounded(mine: pl.DataFrame, place: int, days: int) -> list[dict[str, Any]]:
    event_id, at = mine.select("event_id", "at").row(place)
    return [_row(event_id, at.date() + timedelta(days=days), _CLEARED, founded=False)]


def _row(event_id: int, known_on: date, channel: str, *, founded: bool) -> dict[str, Any]:
    return {"event_id": event_id, "known_on": known_on, "channel": channel, "founded": founded}


def labels_on(day: date, events: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """``event_id``, ``misuse`` of each of `events` as the office would have labelled them on `day`.

    A complaint that turns out to be unfounded is believed: that it is, is the truth's to say.
    """
    suspected = told.filter(pl.col("known_on") <= day).select("event_id", misuse=pl.lit(value=True))
    labelled = events.select("event_id").join(suspected, on="event_id", how="left", maintain_order="left")
    return labelled.with_columns(pl.col("misuse").fill_null(value=False))
