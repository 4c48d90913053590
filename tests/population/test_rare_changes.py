"""Changes of record that are rare: new numbers of houses, aliases, adoptions, declarations of disappearance, cards."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from simulator.clock import Window
from simulator.population import Population, PopulationSpec, build
from simulator.population.asof import as_of, replay
from simulator.population.consistency import violations
from simulator.schema.people import REMOVALS
from simulator.streams import Stream
from simulator.world.municipality import DEMO

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
c = pl.col


@pytest.fixture(scope="module")
def renumbered() -> Population:
    """A year of 20,000 people in which a town has new numbers and somebody is declared missing."""
    return build(PopulationSpec(20_000), DEMO, WINDOW, Stream(6))


def of(town: Population, reason: str) -> pl.DataFrame:
    return town.changes.filter(c("reason") == reason)


def test_houses_get_new_numbers_on_one_day(renumbered: Population) -> None:
    """On an office day all who live in the town have an address of the same building and room with another number."""
    changes = of(renumbered, "住居表示実施")
    assert changes.height > 10
    assert changes["recorded_on"].n_unique() == 1
    places = renumbered.addresses.select("address_no", "town", "block", "lot", "room", "address")
    before = changes.join(places, left_on="address_from", right_on="address_no", maintain_order="left")
    after = changes.join(places, left_on="address_to", right_on="address_no", maintain_order="left")
    assert_frame_equal(before.select("town", "lot", "room"), after.select("town", "lot", "room"))
    assert (before["block"] != after["block"]).all()
    assert before["town"].n_unique() == 1
    assert renumbered.addresses["address"].n_unique() > renumbered.addresses.height * 0.99


def test_nobody_of_the_town_keeps_an_old_number(renumbered: Population) -> None:
    """Who is there when it happens, and who comes later, has the new number: a year with it replays as any other."""
    changes = of(renumbered, "住居表示実施")
    day, old = changes["recorded_on"][0], changes["address_from"].unique()
    after = as_of(renumbered, WINDOW.end)
    assert after.residents.filter(c("address_no").is_in(old.implode())).height == 0
    assert as_of(renumbered, day).residents.filter(c("address_no").is_in(old.implode())).height <= 2  # leaving, told
    assert_frame_equal(after.residents, replay(renumbered, WINDOW.end).residents)
    assert violations(renumbered).rows() == []


def test_who_is_declared_missing_is_gone(renumbered: Population) -> None:
    """The record of somebody declared missing is removed."""
    gone = of(renumbered, "失踪宣告")
    assert gone.height > 0
    assert gone["household_to"].null_count() == gone.height
    after = as_of(renumbered, WINDOW.end).residents
    assert after.join(gone, on="resident_no", how="semi").height == 0


def test_adoptions_change_name_and_register(renumbered: Population, town: Population) -> None:
    """Who is adopted, or no more, has another surname or relationship, and another family register."""
    for people in (renumbered, town):
        for reason in ("養子縁組", "離縁"):
            changes = of(people, reason)
            items = people.items.filter(c("change_no").is_in(changes["change_no"].implode()))
            assert changes.height > 0
            named = items.filter(c("item").is_in(["family_name", "relationship"]))["change_no"].n_unique()
            assert named == changes.height


def test_aliases_recorded_in_the_window_reach_the_history(town: Population) -> None:
    """An alias that a change brings is in the history from that day on, and the one before ends then."""
    changed = of(town, "通称記載").select("change_no", "resident_no", "recorded_on")
    brought = town.items.filter(c("item") == "alias").join(changed, on="change_no")
    assert brought.height > 0
    found = brought.join(
        town.aliases, left_on=["resident_no", "recorded_on"], right_on=["resident_no", "registered_on"], how="left"
    )
    assert (found["alias"] == found["after"]).all()
    assert town.aliases.filter(c("removed_on").is_null())["resident_no"].is_unique().all()


def test_some_moves_go_with_a_card(town: Population) -> None:
    """A quarter or so of the moves between municipalities are 特例, on both sides; all say where and when."""
    for special, plain in (("特例転出", "転出"), ("特例転入", "転入")):
        cards = of(town, special)
        assert 0.15 < cards.height / (cards.height + of(town, plain).height) < 0.35
        assert cards["elsewhere"].null_count() == 0
    assert of(town, "特例転出")["planned_on"].null_count() == 0
    assert set(REMOVALS) >= {"特例転出", "失踪宣告"}
