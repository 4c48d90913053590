"""Tables carry their source."""

import tomllib
from importlib.resources import files


def test_every_table_has_a_source() -> None:
    """The list of sources names exactly the tables of the folder."""
    folder = files("simulator.world") / "data"
    listed = tomllib.loads((folder / "SOURCES.toml").read_text(encoding="utf-8"))
    present = {item.name.split(".")[0] for item in folder.iterdir() if item.name != "SOURCES.toml"}
    assert set(listed) == present
    assert all(entry["source"] for entry in listed.values())
