"""Close looks beside a plain reading of the evidence; what connects an operator and a person, and what does not."""

from datetime import date

import made_evidence
import numpy as np
import polars as pl
import pytest

from simulator.console import charts, frames, views
from simulator.console.words import tongue

BUSY = "S0000003"


@pytest.fixture(scope="module")
def evidence():
    """A made-up office of 2,000 events."""
    return made_evidence.made()


def plainly(evidence, **wanted):
    """The event numbers of all events whose columns have the `wanted` values."""
    found = evidence.events.filter(pl.all_horizontal(pl.col(n).cast(pl.String) == v for n, v in wanted.items()))
    return found["event_id"].to_list()


def numbers(evidence, rows):
    """The event numbers of rows."""
    return evidence.events["event_id"].to_numpy()[rows].tolist()


def test_time_line_of_a_person_is_complete_and_in_order(evidence):
    """All events about the person, no other, in time order; the lookers add up to them."""
    number = evidence.events["person_no"].mode()[0]
    seen = views.person(evidence, number)
    assert numbers(evidence, seen.rows) == plainly(evidence, person_no=number)
    assert sum(looker.events for looker in seen.lookers) == len(seen.rows)
    assert all(mate["household_no"] == seen.facts["household_no"] for mate in seen.household)


def test_person_that_has_not_come_yet_shows_no_future(evidence):
    """In live mode only what has arrived is counted."""
    number = evidence.events["person_no"].mode()[0]
    whole = views.person(evidence, number)
    part = views.person(evidence, number, until=int(whole.rows[0]) + 1)
    assert len(part.rows) == 1
    assert part.lookers[0].events == 1


def test_lists_that_showed_a_person_are_counted(evidence):
    """Appearances in lists are not accesses, and are told apart."""
    shown = pl.DataFrame({"event_id": [1, 2, 2], "person_no": ["0000000009", "0000000009", "0000000009"]})
    listed = frames.build(**made_evidence.tables(), shown=shown)
    assert views.person(listed, "0000000009").listed == 2


def test_day_of_an_operator_is_that_day(evidence):
    """The day's events, the duty of the day, and every day of duty in the list of days."""
    day = date(2025, 6, 4)
    seen = views.operator(evidence, BUSY, day)
    assert set(evidence.events[seen.rows]["at"].dt.date()) == {day}
    assert set(evidence.events[seen.rows]["staff_code"]) == {BUSY}
    assert seen.duty["starts"].date() == day
    assert sum(seen.days.values()) == len(plainly(evidence, staff_code=BUSY))


def test_peers_are_the_section_without_the_operator(evidence):
    """Eight in a section: seven peers; the median and the rank are of them."""
    measure = next(m for m in views.operator(evidence, BUSY).measures if m.name == "events")
    own = evidence.staff.filter(pl.col("staff_code") == BUSY)["section"][0]
    mates = evidence.staff.filter((pl.col("section") == own) & (pl.col("staff_code") != BUSY))["staff_code"]
    counts = [len(plainly(evidence, staff_code=code)) for code in mates]
    assert sorted(measure.peers) == sorted(counts)
    assert measure.median == np.median(counts)
    assert measure.rank == 1 + sum(count > measure.own for count in counts)


@pytest.mark.parametrize(("code", "number", "kinds"), [
    ("S0000001", "0000000001", {"self", "household_no", "district", "surname"}),
    ("S0000001", "0000000002", {"household_no", "colleague"}),
    ("S0000001", "0000000006", {"same_section"}),
])  # fmt: skip
def test_ties_are_those_of_the_evidence(evidence, code, number, kinds):
    """Own record, household, colleagues: what the tables say, kind by kind."""
    found = {tie.kind for tie in views.link(evidence, code, number).ties}
    assert kinds - {"surname", "district"} <= found
    assert found <= {"self", "household_no", "address", "district", "surname", "same_section", "colleague"}
    assert ("self" in found) == (int(code[1:]) == int(number))


def test_link_has_the_events_between_and_around(evidence):
    """Exactly those of the operator with the person, and with the rest of the household."""
    row = evidence.events.row(5, named=True)
    seen = views.link(evidence, row["staff_code"], row["person_no"])
    assert numbers(evidence, seen.rows) == plainly(evidence, staff_code=row["staff_code"], person_no=row["person_no"])
    mates = [mate["person_no"] for mate in views.person(evidence, row["person_no"]).household]
    around = [n for mate in mates for n in plainly(evidence, staff_code=row["staff_code"], person_no=mate)]
    assert sorted(numbers(evidence, seen.around)) == sorted(around)


@pytest.mark.parametrize("look", [
    lambda evidence: views.person(evidence, "9"), lambda evidence: views.operator(evidence, "9"),
    lambda evidence: views.link(evidence, "9", "9"),
])  # fmt: skip
def test_unknown_number_shows_nothing(evidence, look):
    """Nothing is invented for a number that the evidence does not have."""
    assert look(evidence) is None


def test_charts_lose_no_event(evidence):
    """Bars and marks add up to the events that they are of."""
    everything = np.arange(len(evidence.events))
    assert sum(charts.over_time(evidence, everything, "n")["series"][0]["data"]) == len(everything)
    seen = views.operator(evidence, BUSY)
    drawn = charts.day_line(evidence, seen, "ja", tongue("ja"))["series"]
    assert sum(len(series["data"]) for series in drawn) == len(seen.rows)
    assert sum(len(s["data"]) for s in charts.day_and_hour(evidence, seen.rows, "en")["series"]) == len(seen.rows)


def test_every_mark_of_a_chart_has_a_shape_of_its_own_beside_its_colour(evidence):
    """Who sees no colours tells the acts apart by shape."""
    series = charts.day_and_hour(evidence, np.arange(len(evidence.events)), "ja")["series"]
    assert len({(s["symbol"]) for s in series}) == len(series) > 2
