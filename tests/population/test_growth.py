"""Further months of a population: no rule breaks, whatever the number of blocks and of growths."""

import itertools
from datetime import date

import pytest

from simulator.clock import Window
from simulator.errors import UsageError
from simulator.population import PopulationSpec
from simulator.population.consistency import violations
from simulator.population.growth import Base, grow, grown, joined, seen
from simulator.streams import Stream
from simulator.world.municipality import DEMO

SPANS = [date(2025, 4, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 10, 1)]
WINDOWS = [Window(first, end) for first, end in itertools.pairwise(SPANS)]


@pytest.fixture(scope="module")
def towns():
    return grown(PopulationSpec(20_000), DEMO, WINDOWS, Stream(1))


def test_no_rule_breaks_over_two_blocks_and_two_growths(towns):
    """Nearly two hundred rules, over the whole of the three windows."""
    base, people = towns
    assert len(base.blocks) == 2
    assert violations(people).is_empty()
    assert people.window == Window(SPANS[0], SPANS[-1])


def test_rows_of_before_stay_and_changes_go_on(towns):
    """Each growth adds people, homes and changes of its own days, about as many a day as the first window."""
    base, people = towns
    for name in ("residents", "households", "addresses", "changes", "items", "aliases", "protections"):
        whole, first = getattr(people, name), getattr(base.whole, name)
        assert whole.head(first.height).equals(first), name
    first = base.whole.changes.height / WINDOWS[0].day_count
    more = (people.changes.height - base.whole.changes.height) / sum(window.day_count for window in WINDOWS[1:])
    assert 0.7 < more / first < 1.3
    assert people.residents["resident_code"].is_unique().all()


def test_who_is_gone_is_not_seen(towns):
    """Whoever left before the new days is never there; names and homes are those of their first day."""
    _, people = towns
    view = seen(people, WINDOWS[2])
    left = people.changes.filter(people.changes["household_to"].is_null(), people.changes["notified_on"] < SPANS[2])
    gone = view.residents.filter(view.residents["resident_no"].is_in(left["resident_no"].implode()))
    back = people.changes.filter(people.changes["resident_no"].is_in(gone["resident_no"].implode()))
    assert gone.height > 100
    assert (gone["resident_since"] == SPANS[-1]).mean() > 0.9 or back.height > gone.height
    assert view.residents["resident_no"].to_list() == list(range(view.residents.height))
    assert view.changes["notified_on"].min() >= SPANS[2]


def test_days_that_do_not_follow_are_refused(towns):
    """Growth goes on where the window ends."""
    base, people = towns
    with pytest.raises(UsageError, match="does not follow"):
        grow(base, people, Window(date(2026, 11, 1), date(2026, 12, 1)), 3)
    with pytest.raises(UsageError, match="no office day"):
        grow(base, people, Window(SPANS[-1], SPANS[-1]), 3)


def test_joining_adds_nothing_of_its_own(towns):
    """The rows of both, one after the other."""
    base, _ = towns
    more = grow(base, base.whole, WINDOWS[1], 1)
    assert joined(base.whole, more).residents.height == base.whole.residents.height + more.residents.height
    assert isinstance(base, Base)
