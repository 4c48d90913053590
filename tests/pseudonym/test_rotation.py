"""Key versions in time, and the ways in which a key is looked for."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from simulator.clock import JST, Window
from simulator.pseudonym import Epochs, Pseudonymizer, PseudonymKey, Realm, Schedule
from simulator.pseudonym.errors import IdentifierError, VersionError
from simulator.pseudonym.keyring import State

START = date(2025, 3, 10)
WINDOW = Window(START, START + timedelta(days=10))
REALM = Realm.audit("482013")
KEY = PseudonymKey.insecure()


def test_a_schedule_without_rotation_is_one_version():
    """One version from the first day; its keyring has that one, active."""
    schedule = Schedule.of(WINDOW, None)
    assert schedule.starts == (START,)
    assert [(v.number, v.state, v.key) for v in schedule.ring(KEY).versions] == [(1, State.ACTIVE, KEY)]
    assert len(schedule.epochs(KEY, REALM)) == 1


def test_versions_begin_every_so_many_days():
    """Ten days in threes are four versions, the last of one day; each key follows from the one before."""
    schedule = Schedule.of(WINDOW, 3, 4)
    assert [(s - START).days for s in schedule.starts] == [0, 3, 6, 9]
    ring = schedule.ring(KEY)
    assert [v.key for v in ring.versions] == [
        KEY, KEY.successor(), KEY.successor().successor(), KEY.successor().successor().successor(),
    ]  # fmt: skip
    # The second began on day 3 and the third on day 6: four days later are days 7 and 10, when the last day is over.
    assert [v.state for v in ring.versions] == [State.RETIRED, State.RETIRED, State.READ_ONLY, State.ACTIVE]
    longer = Schedule.of(WINDOW, 3, 5).ring(KEY)
    assert [v.state for v in longer.versions] == [State.RETIRED, State.READ_ONLY, State.READ_ONLY, State.ACTIVE]
    assert Schedule.of(WINDOW, 10).starts == (START,)
    assert len(Schedule.of(Window(START, START + timedelta(days=31)), 1).starts) == 31


@pytest.mark.parametrize(("every", "overlap"), [(0, 0), (-1, 0), (1, -1)])
def test_impossible_schedules_are_refused(every, overlap):
    """No day between versions and an overlap below nothing are refused."""
    with pytest.raises(VersionError, match="at least one day"):
        Schedule.of(WINDOW, every, overlap)


def test_more_versions_than_there_are_is_refused_with_the_way_out():
    """The message says how many days would do, and they do."""
    year = Window(START, START + timedelta(days=365))
    with pytest.raises(VersionError, match="makes 53 versions in 365 days; there are 31: rotate every 12 days or more"):
        Schedule.of(year, 7)
    assert len(Schedule.of(year, 12).starts) == 31


def test_each_instant_has_the_version_of_its_day_in_japan():
    """Midnight in Japan is the bound; before the first day the first version holds, after the last the last."""
    epochs = Schedule.of(WINDOW, 3).epochs(KEY, REALM)
    moments = [
        datetime(2025, 3, 1, tzinfo=JST),
        datetime(2025, 3, 12, 23, 59, 59, 999_000, tzinfo=JST),
        datetime(2025, 3, 13, tzinfo=JST),
        datetime(2025, 3, 19, 23, tzinfo=JST),
        datetime(2025, 4, 1, tzinfo=JST),
    ]
    at = pl.Series(moments).dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("ms")
    assert epochs.places(at).to_list() == [0, 0, 1, 3, 3]
    assert epochs.places(at).dtype == pl.UInt32
    assert [epochs.place(m.date()) for m in moments] == [0, 0, 1, 3, 3]
    assert epochs.spans().rows() == [
        (0, None, date(2025, 3, 13)),
        (1, date(2025, 3, 13), date(2025, 3, 16)),
        (2, date(2025, 3, 16), date(2025, 3, 19)),
        (3, date(2025, 3, 19), None),
    ]


def test_a_column_takes_the_version_of_each_row():
    """Each row has the pseudonym that its version gives alone; nulls stay; the name too."""
    epochs = Schedule.of(WINDOW, 3).epochs(KEY, REALM)
    people, places = pl.Series("who", ["1", "2", None, "1", "1"]), pl.Series([3, 0, 1, 0, 3], dtype=pl.UInt32)
    made = epochs.column("resident", people, places)
    alone = [p and epochs.makers[v].one("resident", p) for p, v in zip(people, places, strict=True)]
    assert made.to_list() == alone
    assert made.name == "who"
    assert [token and token[0] for token in made] == [4, 1, None, 1, 4]
    with pytest.raises(IdentifierError):
        epochs.column("resident", pl.Series([""]), pl.Series([1], dtype=pl.UInt32))


def test_every_version_of_everyone():
    """All under version 1, then all under version 2."""
    epochs = Schedule.of(WINDOW, 5).epochs(KEY, REALM)
    people = pl.Series(["1", "2"])
    both = [*epochs.makers[0].column("resident", people), *epochs.makers[1].column("resident", people)]
    assert epochs.every("resident", people).to_list() == both


def test_a_single_version_is_plain():
    """One pseudonymizer for all days gives what it gives alone, whatever the day."""
    maker = Pseudonymizer(KEY, REALM)
    epochs = Epochs.single(maker)
    at = pl.Series([datetime(1990, 1, 1, tzinfo=JST)]).dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("ms")
    assert epochs.places(at).to_list() == [0]
    assert epochs.place(date(1990, 1, 1)) == 0
    assert epochs.column("resident", pl.Series(["1"]), epochs.places(at))[0] == maker.one("resident", "1")
    assert epochs.spans().rows() == [(0, None, None)]


def test_a_key_is_looked_for_in_every_spelling():
    """Bytes, hexadecimal, base 64 and Python's way to write bytes; each once."""
    spellings = KEY.spellings()
    raw = bytes(range(32))
    assert set(spellings) == {
        raw, raw.hex().encode(), raw.hex().upper().encode(), b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        repr(raw)[2:-1].encode(),
    }  # fmt: skip
    other = PseudonymKey(memoryview(b"\xfb\xff" * 16)).spellings()
    assert b"+/" in other[3]
    assert b"-_" in other[4]
