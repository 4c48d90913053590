"""Filters beside a plain reading of the same rows; pages that come together to the whole."""

import made_evidence
import numpy as np
import pytest

from simulator.console import search
from simulator.console.search import Filter


@pytest.fixture(scope="module")
def evidence():
    """A made-up office of 2,000 events."""
    return made_evidence.made()


def plainly(evidence, keep):
    """The event numbers of all events that `keep` keeps, in time order, by reading every row."""
    rows = search.told(evidence, np.arange(len(evidence.events)), evidence.events.columns)
    return [row["event_id"] for row in rows if keep(row)]


FILTERS = {
    "all": (Filter(), lambda row: True),
    "action": (Filter(action="issue"), lambda row: row["action"] == "issue"),
    "section": (Filter(section="tax"), lambda row: row["section"] == "tax"),
    "staff": (Filter(staff="S0000007"), lambda row: row["staff_code"] == "S0000007"),
    "name with a space": (Filter(staff="佐藤　幸子"), lambda row: row["staff_name"] == "佐藤 幸子"),
    "person": (Filter(person="渡辺"), lambda row: row["person_name"].startswith("渡辺")),
    "case": (Filter(case="without"), lambda row: row["case_no"] is None),
    "off duty": (Filter(off_duty=True), lambda row: row["off_duty"]),
    "alert": (Filter(alert=True), lambda row: row["protected_alert"]),
    "text is a case": (Filter(text="2025-00012"), lambda row: (row["case_no"] or "").startswith("2025-00012")),
    "text is an event": (Filter(text="1999"), lambda row: "1999" in f"{row['event_id']} {row['person_no']}".split()
                         or "1999" in row["person_no"]),
    "window": (Filter(start="2025-06-03", end="2025-06-04 12:00"),
               lambda row: "2025-06-03" <= row["at"] < "2025-06-04 12:00:00"),
    "two at once": (Filter(action="view", section="tax", case="with"),
                    lambda row: (row["action"], row["section"]) == ("view", "tax") and row["case_no"]),
    "unknown code": (Filter(purpose="nothing"), lambda row: False),
    "no such name": (Filter(person="存在しない"), lambda row: False),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_filter_finds_what_plain_reading_finds(evidence, name):
    """Every condition means what it says."""
    wanted, keep = FILTERS[name]
    found = evidence.events["event_id"].to_numpy()[search.find(evidence, wanted)].tolist()
    assert found == plainly(evidence, keep)


def test_off_duty_is_before_and_after_the_roster(evidence):
    """Some events lie outside the hours of the roster, most inside."""
    share = evidence.events["off_duty"].mean()
    assert 0 < share < 0.1


@pytest.mark.parametrize("order", search.ORDERS)
@pytest.mark.parametrize("descending", [False, True])
def test_order_is_total_and_keeps_every_row(evidence, order, descending):
    """Ordering moves rows and loses none; empty values come last either way."""
    found = search.find(evidence, Filter(order=order, descending=descending))
    assert sorted(found) == list(range(len(evidence.events)))
    empty = evidence.events[order][found].is_null().to_list()
    assert empty == sorted(empty)


def test_pages_come_together_to_the_whole(evidence):
    """No row twice, none missing, the last page short."""
    found = search.find(evidence, Filter(action="view"))
    pages = [search.page(evidence, found, n, 70) for n in range(1, len(found) // 70 + 2)]
    assert [row["event_id"] for rows in pages for row in rows] == evidence.events["event_id"].to_numpy()[found].tolist()


def test_only_what_has_arrived_is_found(evidence):
    """In live mode the future is not there, whatever is asked."""
    assert search.find(evidence, Filter(descending=True), until=100)[0] == 99
    assert search.find(evidence, Filter(start="2025-06-09"), until=100).size == 0
    assert search.find(evidence, Filter(), only=[5, 9_999_999]).tolist() == [4]


def test_filter_survives_being_stored():
    """What is written into the journal reads back; unknown parts of another version are left out."""
    wanted = Filter(text="佐藤", off_duty=True, order="dwell_s")
    assert Filter.read({**wanted.plain(), "colour": "red"}) == wanted
    assert wanted.asks == 2
