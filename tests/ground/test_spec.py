"""TOML and dataclasses: what is written is what is meant, and a slip is named."""

import tomllib
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import spec
from simulator.errors import SpecError, UnknownNameError


@dataclass(frozen=True, slots=True)
class Inner:
    rate: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    title: str
    inner: Inner
    start: date = date(2025, 4, 1)
    parts: dict[str, Inner] = field(default_factory=dict)
    limit: int | None = None


inners = st.builds(Inner, st.floats(0, 1), st.lists(st.text(max_size=5)).map(tuple))
outers = st.builds(
    Outer,
    st.text(max_size=20),
    inners,
    st.dates(),
    st.dictionaries(st.text(max_size=5), inners),
    st.none() | st.integers(0, 9),
)


@given(outers)
def test_round_trip(value):
    """A dataclass written as TOML and read again is the same."""
    assert spec.build(Outer, tomllib.loads(spec.to_toml(value)), "x") == value


def test_unknown_key_names_its_siblings():
    """A misspelt key is answered with the right ones and with where it stands."""
    with pytest.raises(UnknownNameError, match=r"'rat' in x\.inner.*Did you mean 'rate'.*names, rate"):
        spec.build(Outer, {"title": "a", "inner": {"rat": 1.0}}, "x")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": "a"}, "x lacks inner"),
        ({"title": 3, "inner": {"rate": 1.0}}, r"x\.title must be a str, not 3"),
        ({"title": "a", "inner": {"rate": True}}, r"x\.inner\.rate must be a float"),
        ({"title": "a", "inner": {"rate": 1, "names": ["b", 2]}}, r"names\[1\] must be a str"),
        ({"title": "a", "inner": {"rate": 1}, "parts": 4}, r"x\.parts must be a table"),
    ],
)
def test_wrong_value_is_named(values, message):
    """A missing key or a value of the wrong form says where and what would be right."""
    with pytest.raises(SpecError, match=message):
        spec.build(Outer, values, "x")


def test_unreadable_file_is_one_clear_error(tmp_path):
    """A file that is missing or no TOML raises SpecError with its name."""
    with pytest.raises(SpecError, match=r"none\.toml cannot be read"):
        spec.read_toml(tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_text("a = [", encoding="utf-8")
    with pytest.raises(SpecError, match=r"bad\.toml is not TOML"):
        spec.read_toml(bad)
