"""A request at a screen leaves the event that the same request leaves in columns."""

import polars as pl
import pytest

from simulator.access import Gate, Policy, log
from simulator.access.live import LiveGate
from simulator.access.log.rows import event_row, shown_rows
from simulator.access.office import Desk
from simulator.pseudonym import Epochs
from simulator.registry import Database, write_database
from simulator.schema import EVENT, SHOWN

COUNT = 600


class Tokens:
    """Pseudonyms by row number."""

    def __init__(self, pseudonymizer, registry, office):
        self.pseudonymizer, self.registry = pseudonymizer, registry
        self.codes = office.staff.sort("staff_no")["staff_code"].to_list()

    def staff(self, staff_no):
        return self.pseudonymizer.one("staff", self.codes[staff_no])

    def resident(self, resident_no):
        return self.pseudonymizer.one("resident", self.registry.codes([resident_no])[0])

    def household(self, resident_no):
        return self.pseudonymizer.one("household", self.registry.household_codes([resident_no])[0])

    def search(self, text):
        return self.pseudonymizer.one("search", text)


@pytest.fixture(scope="module")
def tokens(pseudonymizer, registry, office):
    return Tokens(pseudonymizer, registry, office)


@pytest.fixture(scope="module")
def in_columns(*, registry, office, requests, town, pseudonymizer, tmp_path_factory):
    """Events and people shown as the log in columns writes them."""
    folder = tmp_path_factory.mktemp("run")
    some = requests.sort("at", "tie", "request_no").head(COUNT)
    answers = Gate(Policy.default(), registry, office).submit_batch(some)
    log.write_log(answers, town, office, Epochs.single(pseudonymizer), 0, folder)
    frames = [
        pl.concat(pl.read_parquet(path) for path in sorted((folder / "audit" / name).glob("*.parquet")))
        for name in ("event", "shown")
    ]
    return answers.decided, *frames


@pytest.fixture(scope="module")
def left(*, in_columns, registry, office, town, tokens, as_ask, tmp_path_factory):
    """The same requests at a screen."""
    path = tmp_path_factory.mktemp("store") / "registry.db"
    write_database(town, path)
    gate = LiveGate(Policy.default(), Database.open(path), Desk.of(office))
    made = []
    for place, row in enumerate(in_columns[0].sort("at", "tie", "request_no").iter_rows(named=True)):
        ask = as_ask(row, registry)
        ruling = gate.answer(ask)
        gate.commit(ask, ruling)
        event = event_row(ask, ruling, place + 1, town.municipality.code, tokens)
        made.append((event, shown_rows(ask, ruling, place + 1, tokens)))
    return made


def test_events_at_screens_are_those_of_columns(left, in_columns):
    """The same requests leave the same events and the same people shown, whichever way they came."""
    _, events, shown = in_columns
    live = pl.DataFrame([event for event, _ in left], schema=EVENT.polars)
    free = ("session_id", "grounds", "search_keys", "search_token", "match")
    assert live.drop(free).equals(events.drop(free))
    # A planned request may leave the match open, a screen never does; and a hyphen typed last is folded away.
    stated = events["match"].is_not_null() & ~events["search_keys"].str.starts_with("address")
    for name in ("search_keys", "search_token", "match"):
        assert live.filter(stated)[name].equals(events.filter(stated)[name])
    people = pl.DataFrame([row for _, shown_there in left for row in shown_there], schema=SHOWN.polars)
    assert people.equals(shown)
