"""Scenarios load by name or file, and bad ones say what would be right."""

import pytest

from simulator import scenario, spec
from simulator.errors import SpecError, UnknownNameError
from simulator.workload import Promise
from simulator.workload.archetypes import records


@pytest.mark.parametrize("name", scenario.names())
def test_shipped_scenario_returns_from_toml(name, tmp_path):
    """A shipped scenario written as TOML and read again is the same."""
    path = tmp_path / "copy.toml"
    path.write_text(spec.to_toml(scenario.load(name)), encoding="utf-8")
    assert scenario.load(str(path)) == scenario.load(name)


def test_unknown_scenario_names_the_valid_ones():
    """A wrong name is answered with the right ones."""
    with pytest.raises(UnknownNameError, match=r"Valid: celebrity, city, .*demo, family"):
        scenario.load("dmeo")


def test_unknown_key_names_its_siblings(tmp_path):
    """A wrong key is answered with the keys of its table."""
    path = tmp_path / "bad.toml"
    text = spec.to_toml(scenario.load("mini")).replace("volume", "volumne")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"volumne.*volume"):
        scenario.load(str(path))


def test_empty_window_is_refused(tmp_path):
    """A scenario of no days does not load."""
    path = tmp_path / "bad.toml"
    path.write_text(spec.to_toml(scenario.load("mini")).replace("days = 14", "days = 0"), encoding="utf-8")
    with pytest.raises(SpecError, match="days"):
        scenario.load(str(path))


@pytest.mark.parametrize("name", ["city", "city-dense"])
def test_an_edition_holds_every_kind_that_is_played(name):
    """Natural and dense scenarios promise every archetype, natural 1–3 episodes in a hundred staff and year."""
    chosen = scenario.load(name)
    promises = [Promise.of(kind, values) for kind, values in chosen.misuse.items()]
    assert {p.archetype.name for p in promises} == {n for n, a in records().items() if a.played}
    misuse = sum(p.expected(100, 365) for p in promises if p.archetype.misuse)
    assert (1 < misuse < 3) == (chosen.edition == "natural")
    assert "misuse" not in scenario.public(chosen)


def test_own_tables_stand_before_the_edition_s(tmp_path):
    """A table of the scenario's own replaces that of its edition; an edition that does not exist is named."""
    path = tmp_path / "own.toml"
    text = spec.to_toml(scenario.load("mini")).replace('edition = "scripted"', 'edition = "natural"')
    path.write_text(text, encoding="utf-8")
    assert scenario.load(str(path)).misuse["M06"] == {"episodes": 1, "stealth": 0.5}
    assert scenario.load(str(path)).misuse["M04"] == {"per_100_staff_year": 0.5}
    path.write_text(text.replace('"natural"', '"rare"'), encoding="utf-8")
    with pytest.raises(SpecError, match="edition must be one of scripted, natural, dense, not 'rare'"):
        scenario.load(str(path))
