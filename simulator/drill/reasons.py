"""Looks without a reason: what stays when the log is laid beside the case list, households, namesakes and neighbours.

It is the work that every drill asks of a team, done by the evidence alone: first the cases of the section, then what
colleagues worked on, then those whom a clerk opens on the way to the right one.
"""

from datetime import timedelta

import polars as pl

from simulator import detect
from simulator.drill.evidence import Evidence
from simulator.drill.rules import OPENS

_ON_THE_WAY = timedelta(minutes=20)
"""How long before or after an explained look of the same session a namesake, relative or neighbour belongs to it."""
ASSUMED_FIRST_DAYS = 2
"""For so long the case list still lacks what was received before the period began."""
MACHINES = "network"
"""The section where machines ask, not people."""
_TOWN = r"^(.*?)\d"


def unexplained(evidence: Evidence) -> pl.DataFrame:
    """The opened records of the log that nothing explains, rows of ``evidence.events``, in order of time."""
    bare, on_the_way = _looks(evidence)
    return bare.join(on_the_way, on="event_id", how="anti").sort("at", "event_id")


def cleared(evidence: Evidence) -> pl.DataFrame:
    """The looks that only a namesake, relative or neighbour explains whom the same session dealt with."""
    bare, on_the_way = _looks(evidence)
    return bare.join(on_the_way, on="event_id", how="semi").sort("at", "event_id")


def begun(rows: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """`rows` of the log without those of the first days, which no question counts."""
    first = evidence.events["at"].dt.date().min()
    return rows.filter(pl.col("at").dt.date() >= pl.lit(first) + timedelta(days=ASSUMED_FIRST_DAYS))


def _looks(evidence: Evidence) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The looks that neither cases, households nor colleagues' work explain, and which of them were on the way."""
    scored = detect.run(evidence, "has_reason").select("event_id", "explained")
    rows = evidence.events.filter(pl.col("action").is_in(OPENS) & (pl.col("section") != MACHINES))
    opens = rows.join(scored, on="event_id", how="left").drop_nulls("person_no")
    bare = begun(opens.filter(~pl.col("explained")), evidence)
    return bare.drop("explained"), _on_the_way(bare, opens.filter("explained"), evidence.people)


def _on_the_way(bare: pl.DataFrame, explained: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Those of `bare` that belong to an explained look near in time: of a namesake, a relative, a neighbour."""
    facts = people.select(
        "person_no",
        family=pl.col("name").str.split(" ").list.first(),
        sound=pl.col("kana").str.split(" ").list.first(),
        town=pl.col("address").str.extract(_TOWN),
    )
    keys = ("session_id", "at", "person_no", "household_no")
    left = bare.select("event_id", *keys).join(facts, on="person_no", how="left")
    right = explained.select(keys).join(facts, on="person_no", how="left")
    pairs = left.join(right, on="session_id", suffix="_by")
    near = (pl.col("at") - pl.col("at_by")).abs() <= _ON_THE_WAY
    alike = pl.any_horizontal(pl.col(c) == pl.col(f"{c}_by") for c in ("household_no", "family", "sound", "town"))
    return pairs.filter(near & alike).select("event_id").unique()
