"""Changes of record that are rare: new numbers of houses, aliases, adoptions, declarations of disappearance, cards."""

from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from simulator.clock import Window
from simulator.population import Population
from simulator.population.asof import as_of
from simulator.population.consistency import RULES, violations
from simulator.schema.people import REMOVALS

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
c = pl.col


def of(town: Population, reason: str) -> pl.DataFrame:
    return town.changes.filter(c("reason") == reason)


def test_houses_get_new_numbers_on_one_day(large_town: Population) -> None:
    """On an office day all who live in the town have an address of the same building and room with another number."""
    changes = of(large_town, "住居表示実施")
    assert changes.height > 10
    assert changes["recorded_on"].n_unique() == 1
    places = large_town.addresses.select("address_no", "town", "block", "lot", "room", "address")
    before = changes.join(places, left_on="address_from", right_on="address_no", maintain_order="left")
    after = changes.join(places, left_on="address_to", right_on="address_no", maintain_order="left")
    assert_frame_equal(before.select("town", "lot", "room"), after.select("town", "lot", "room"))
    assert (before["block"] != after["block"]).all()
    assert before["town"].n_unique() == 1
    assert large_town.addresses["address"].n_unique() > large_town.addresses.height * 0.99


def test_nobody_of_the_town_keeps_an_old_number(large_town: Population) -> None:
    """Who is there when it happens, and who comes later, has the new number; the chain of changes holds."""
    changes = of(large_town, "住居表示実施")
    day, old = changes["recorded_on"][0], changes["address_from"].unique()
    after = as_of(large_town, WINDOW.end)
    assert after.residents.filter(c("address_no").is_in(old.implode())).height == 0
    assert as_of(large_town, day).residents.filter(c("address_no").is_in(old.implode())).height <= 2  # leaving, told
    chained = [rule for rule in RULES if rule.view in ("changes", "ends")]
    assert violations(large_town, chained).rows() == []


def test_who_is_declared_missing_is_gone(large_town: Population) -> None:
    """The record of somebody declared missing is removed."""
    gone = of(large_town, "失踪宣告")
    assert gone.height > 0
    assert gone["household_to"].null_count() == gone.height
    after = as_of(large_town, WINDOW.end).residents
    assert after.join(gone, on="resident_no", how="semi").height == 0


def test_adoptions_change_name_and_register(large_town: Population) -> None:
    """Who is adopted, or no more, has another surname or relationship, and another family register."""
    for reason in ("養子縁組", "離縁"):
        changes = of(large_town, reason)
        items = large_town.items.filter(c("change_no").is_in(changes["change_no"].implode()))
        assert changes.height > 0
        named = items.filter(c("item").is_in(["family_name", "relationship"]))["change_no"].n_unique()
        assert named >= changes.height - 1  # a new surname may be the old one


def test_aliases_recorded_in_the_window_reach_the_history(large_town: Population) -> None:
    """An alias that a change brings is in the history from that day on, and the one before ends then."""
    changed = of(large_town, "通称記載").select("change_no", "resident_no", "recorded_on")
    brought = large_town.items.filter(c("item") == "alias").join(changed, on="change_no")
    assert brought.height > 0
    found = brought.join(
        large_town.aliases,
        left_on=["resident_no", "recorded_on"],
        right_on=["resident_no", "registered_on"],
        how="left",
    )
    assert (found["alias"] == found["after"]).all()
    assert large_town.aliases.filter(c("removed_on").is_null())["resident_no"].is_unique().all()


def test_some_moves_go_with_a_card(large_town: Population) -> None:
    """A quarter or so of the moves between municipalities are 特例, on both sides; all say where and when."""
    for special, plain in (("特例転出", "転出"), ("特例転入", "転入")):
        cards = of(large_town, special)
        assert 0.15 < cards.height / (cards.height + of(large_town, plain).height) < 0.35
        assert cards["elsewhere"].null_count() == 0
    assert of(large_town, "特例転出")["planned_on"].null_count() == 0
    assert set(REMOVALS) >= {"特例転出", "失踪宣告"}
