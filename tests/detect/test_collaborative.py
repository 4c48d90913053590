"""Collaborative filtering on two sections that share no household, and one operator's night among the other's."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from simulator.detect.baselines.collaborative import Collaborative
from simulator.detect.view import Tables

START = dt.datetime(2025, 4, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
DAYS, OPERATORS, HOUSEHOLDS = 20, 12, 200
NIGHT = 21


def looks():
    """``actor``, ``household``, ``day``: everybody sees five of the own section's households a day, as they come."""
    lots = np.random.default_rng(1)
    for section in "ab":
        for operator in range(OPERATORS):
            for day in range(DAYS):
                yield from (
                    (f"{section}{operator}", f"{section}-{n}", day) for n in lots.choice(HOUSEHOLDS, 5, replace=False)
                )
    yield from (("a0", f"b-{number}", NIGHT) for number in range(15))
    yield from (("a1", f"a-{number}", NIGHT) for number in range(15))
    yield "a2", "nobody else's", NIGHT
    yield "a3", None, NIGHT


@pytest.fixture(scope="module")
def scored():
    """The looks with their scores."""
    rows = [
        {
            "event_id": number,
            "actor": actor,
            "household": household,
            "at": START + day * dt.timedelta(1),
        }
        for number, (actor, household, day) in enumerate(looks())
    ]
    events = pl.DataFrame(rows)
    return events.join(Collaborative().score(Tables({"event": events})), on="event_id")


def night(scored, actor):
    return scored.filter(pl.col("at") == START + dt.timedelta(NIGHT), pl.col("actor") == actor)["score"]


def test_a_night_among_the_others_stands_first(scored):
    """The fifteen looks at the other section's households score above everything else, however many they are."""
    first = scored.top_k(15, by="score")
    assert set(first["actor"]) == {"a0"}
    assert first["household"].str.starts_with("b-").all()


def test_a_night_among_the_own_section_s_does_not(scored):
    """As busy a night with households of the own section is less odd than chance."""
    assert (night(scored, "a1") < 0).all()


def test_who_meets_nobody_else_is_neither_odd_nor_usual(scored):
    """Even odds for a household of one operator; a look at nobody scores lowest."""
    assert night(scored, "a2").to_list() == [0.0]
    assert night(scored, "a3").to_list() == [scored["score"].min()]
