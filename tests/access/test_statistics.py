"""Statistics for auditors count what the log says, in constant memory, and say when there is nothing."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from filled import filled

from simulator.access import statistics
from simulator.clock import JST
from simulator.errors import UnknownNameError, UsageError
from simulator.pseudonym import from_text
from simulator.schema import EVENT

ONE, TWO = b"\x01" + b"a" * 15, b"\x01" + b"b" * 15
SUNDAY, NEW_YEAR, MONDAY = date(2025, 5, 11), date(2025, 1, 2), date(2025, 5, 12)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)


def event(number, **columns):
    base = {
        "event_id": number + 1, "at": at(MONDAY, 10, number), "actor": ONE, "role": "R01", "section": "citizen",
        "action": "view", "decision": "allow", "reason": "OK:R01-look", "my_number": False, "rows_returned": 1,
        "resident": bytes([1, number]) * 8,
    }  # fmt: skip
    return {**base, **columns}


ROWS = [
    event(0),
    event(1, at=at(MONDAY, 22)),
    event(2, at=at(MONDAY, 21, 59)),
    event(3, at=at(MONDAY, 4, 59)),
    event(4, at=at(MONDAY, 5)),
    event(5, at=at(SUNDAY, 10), actor=TWO),
    event(6, at=at(NEW_YEAR, 23), actor=TWO),
    event(7, action="login", decision="deny", reason="LOGON:R01-session", terminal="T1"),
    event(8, action="login", decision="deny", reason="ACCOUNT:R01-session", terminal="T2"),
    event(9, action="login", terminal="T1"),
    event(10, action="search", hits=100, search_keys="kana:2"),
    event(11, action="search", hits=101, search_keys="kana:1"),
    event(12, action="search", hits=2_001, search_keys="kana:1", decision="deny", reason="LIMIT:R01-look"),
    event(13, action="search", hits=1, search_keys="my_number:12", my_number=True, case_no="C1"),
    event(14, action="search", hits=1, search_keys="resident_code:11", actor=TWO),
    event(15, action="unmask", my_number=True),
    event(16, action="issue", document_no="DC1", sheets=3, printer="PR-citizen"),
    event(17, action="print", sheets=2, printer="PR-citizen", actor=TWO),
    event(18, action="approve"),
    event(19, action="override", protected_alert=True),
]


@pytest.fixture(scope="module")
def events():
    names = {name for row in ROWS for name in row}
    frame = pl.DataFrame([{name: row.get(name) for name in names} for row in ROWS], infer_schema_length=None)
    kept = frame.with_columns(
        pl.col("protected_alert").fill_null(value=False), pl.col("terminal").fill_null("T0"),
        pl.col("at").dt.cast_time_unit("ms").dt.convert_time_zone("Asia/Tokyo"),
    )  # fmt: skip
    return filled(EVENT, kept).lazy()


def row(events, name, place=0, top=20):
    return statistics.table(name, events, top).row(place, named=True)


def test_night_and_holidays(events):
    """Night is from 22 to 5, both told apart from closed days; ordinary evenings are not in the list."""
    first, second = row(events, "outside"), row(events, "outside", 1)
    assert {(r["events"], r["night"], r["holiday"]) for r in (first, second)} == {(2, 2, 0), (2, 1, 2)}
    assert from_text(first["actor"]) in (ONE, TWO)


def test_failed_logons(events):
    """Refused log-ons are counted by operator; wrong credentials and terminals apart; a good one is not."""
    found = row(events, "logons")
    assert (found["failures"], found["wrong_credential"], found["terminals"]) == (2, 1, 2)
    assert statistics.table("logons", events, 20).height == 1


def test_mass_searches(events):
    """A search that found more than 100 is in, one that found 100 is not; what was refused is told."""
    found = row(events, "mass")
    assert (found["searches"], found["most_found"], found["refused"]) == (2, 2_001, 1)


def test_numbers(events):
    """Searches by either number and My Numbers shown, and how many of them without a case."""
    found = {r["actor"]: r for r in statistics.table("numbers", events, 20).to_dicts()}
    (one,) = [r for r in found.values() if from_text(r["actor"]) == ONE]
    assert (one["uses"], one["searches_by_my_number"], one["shown"], one["without_case"]) == (2, 1, 1, 1)
    (two,) = [r for r in found.values() if from_text(r["actor"]) == TWO]
    assert (two["uses"], two["searches_by_resident_code"]) == (1, 1)


def test_accesses_printing_releases_months(events):
    """Accesses with the residents they concern, sheets by printer, releases, and the months."""
    one = row(events, "accesses")
    assert (one["accesses"], one["view"], one["search"], one["unmask"], one["refused"]) == (11, 5, 4, 1, 1)
    assert row(events, "printing") == {
        "printer": "PR-citizen", "sheets": 5, "certificates": 1, "prints": 2, "actors": 2,
    }  # fmt: skip
    assert {k: row(events, "releases")[k] for k in ("events", "approve", "override", "protected_alerts")} == {
        "events": 2, "approve": 1, "override": 1, "protected_alerts": 1,
    }  # fmt: skip
    assert statistics.table("months", events, 20)["month"].to_list() == ["2025-01", "2025-05"]


@pytest.mark.parametrize("name", statistics.STATISTICS)
def test_every_list_takes_days_and_an_empty_log(events, name):
    """Days are whole and both included; outside them, and without events, a list is empty and keeps its columns."""
    whole = statistics.table(name, events, 20)
    assert statistics.table(name, events, 20, (NEW_YEAR, MONDAY)).equals(whole)
    nothing = statistics.table(name, events, 20, (MONDAY + timedelta(days=1), None))
    assert nothing.is_empty()
    assert nothing.columns == whole.columns
    assert statistics.table(name, EVENT.empty().lazy(), 20).is_empty()
    assert statistics.table(name, events, 1).height == 1


def test_wrong_name_and_days_are_named(events):
    """A list that does not exist, and days in the wrong order."""
    with pytest.raises(UnknownNameError, match="outside"):
        statistics.table("outsid", events, 20)
    with pytest.raises(UsageError, match="before"):
        statistics.table("outside", events, 20, (MONDAY, SUNDAY))
