"""A chain of single events says what the log in columns says, and every change to it is found and named."""

import hashlib

import polars as pl
import pytest

from simulator.access import Gate, Policy, log
from simulator.access.live import LiveGate
from simulator.access.log import chain
from simulator.access.log.record import EVENT_RECORD, pack
from simulator.access.office import Desk
from simulator.registry import Database, write_database
from simulator.schema import EVENT, SHOWN

FIRST = b"\x07" * 32
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
    log.write_log(answers, town, office, pseudonymizer, 0, folder)
    frames = [
        pl.concat(pl.read_parquet(path) for path in sorted((folder / "audit" / name).glob("*.parquet")))
        for name in ("event", "shown")
    ]
    return answers.decided, *frames


@pytest.fixture(scope="module")
def links(*, in_columns, registry, office, town, tokens, as_ask, tmp_path_factory):
    """The same requests at a screen, chained."""
    path = tmp_path_factory.mktemp("store") / "registry.db"
    write_database(town, path)
    gate = LiveGate(Policy.default(), Database.open(path), Desk.of(office))
    previous, made = FIRST, []
    for place, row in enumerate(in_columns[0].sort("at", "tie", "request_no").iter_rows(named=True)):
        ask = as_ask(row, registry)
        ruling = gate.answer(ask)
        gate.commit(ask, ruling)
        event = chain.event_row(ask, ruling, place + 1, town.municipality.code, tokens)
        shown = chain.shown_rows(ask, ruling, place + 1, tokens)
        previous = chain.link(previous, event, shown)
        made.append(chain.Link(event, shown, previous))
    return made


def test_events_at_screens_are_those_of_columns(links, in_columns):
    """The same requests leave the same events and the same people shown, whichever way they came."""
    _, events, shown = in_columns
    live = pl.DataFrame([each.event for each in links], schema=EVENT.polars)
    free = ("session_id", "grounds", "search_keys", "search_token", "match")
    assert live.drop(free).equals(events.drop(free))
    # A planned request may leave the match open, a screen never does; and a hyphen typed last is folded away.
    stated = events["match"].is_not_null() & ~events["search_keys"].str.starts_with("address")
    for name in ("search_keys", "search_token", "match"):
        assert live.filter(stated)[name].equals(events.filter(stated)[name])
    people = pl.DataFrame([row for each in links for row in each.shown], schema=SHOWN.polars)
    assert people.equals(shown)


def test_record_of_one_is_that_of_many(links, in_columns):
    """One event packed in Python has the bytes of the packed column."""
    _, events, shown = in_columns
    many = pack(EVENT, events)
    assert [chain.record(EVENT, row) for row in events.iter_rows(named=True)] == [each.tobytes() for each in many]
    rows = [chain.record(SHOWN, row) for row in shown.iter_rows(named=True)]
    assert rows == [each.tobytes() for each in pack(SHOWN, shown)]
    assert len(rows) > 100


def test_whole_chain_holds(links):
    """An untouched chain is not said to be broken, wherever it begins."""
    assert chain.broken(FIRST, 1, links) is None
    assert chain.broken(links[9].link, 11, links[10:]) is None
    assert chain.broken(links[8].link, 11, links[10:])[0] == 11


@pytest.mark.parametrize("column", EVENT.names)
def test_every_column_is_in_the_chain(links, column):
    """An event of which one column was changed, or emptied, is named."""
    at = next((i for i, each in enumerate(links) if each.event[column] is not None), 0)
    own = links[at].event[column]
    other = next((e.event[column] for e in links if e.event[column] not in (None, own)), "OV1" if own is None else None)
    event = {**links[at].event, column: other}
    found = chain.broken(FIRST, 1, [*links[:at], links[at]._replace(event=event), *links[at + 1 :]])
    assert found is not None
    assert found[0] == at + 1


EDITS = {
    "removed": (lambda c: [*c[:40], *c[41:]], 41, "missing"),
    "doubled": (lambda c: [*c[:41], *c[40:]], 42, "twice"),
    "swapped": (lambda c: [*c[:40], c[41], c[40], *c[42:]], 41, "missing"),
    "inserted": (lambda c: [*c[:40], c[7]._replace(event={**c[7].event, "event_id": 41}), *c[40:]], 41, "link"),
    "link exchanged": (lambda c: [*c[:40], c[40]._replace(link=c[39].link), *c[41:]], 41, "link"),
}


@pytest.mark.parametrize("name", EDITS)
def test_change_of_a_chain_is_named(links, name):
    """An event removed, doubled, swapped, inserted or with another link is named by its number."""
    edit, number, words = EDITS[name]
    found = chain.broken(FIRST, 1, edit(links))
    assert found[0] == number
    assert words in found[1]


@pytest.mark.parametrize(
    ("column", "value"), [("action", "peek"), ("hits", "x"), ("hits", -1), ("actor", 3), ("at", "now")]
)
def test_what_does_not_decode_is_named(links, column, value):
    """A value that no event can have breaks the chain there, and nothing else."""
    event = {**links[40].event, column: value}
    found = chain.broken(FIRST, 1, [*links[:40], links[40]._replace(event=event), *links[41:]])
    assert found[0] == 41
    assert "decode" in found[1] or "edited" in found[1]


def test_everyone_shown_is_in_the_chain(links):
    """A person taken out of a list of those shown breaks the chain at the event."""
    at = next(i for i, each in enumerate(links) if len(each.shown) > 1)
    for shown in (links[at].shown[1:], links[at].shown[::-1], []):
        assert chain.broken(FIRST, 1, [*links[:at], links[at]._replace(shown=shown)])[0] == at + 1


def test_every_bit_of_a_record_counts(links):
    """Each bit flipped in the records of 64 events gives another link."""
    previous = FIRST
    for each in links[:64]:
        content = chain.record(EVENT, each.event)
        assert len(content) == EVENT_RECORD.itemsize
        people = b"".join(chain.record(SHOWN, row) for row in each.shown)
        assert hashlib.sha256(previous + content + people).digest() == each.link
        before = hashlib.sha256(previous)
        for bit in range(len(content) * 8):
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            hashed = before.copy()
            hashed.update(bytes(flipped) + people)
            assert hashed.digest() != each.link
        previous = each.link
