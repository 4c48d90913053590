"""Scenarios load by name or file, and bad ones say what would be right."""

import pytest

from simulator import scenario, spec
from simulator.errors import SpecError, UnknownNameError


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
