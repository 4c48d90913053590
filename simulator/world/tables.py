"""Tables entered by hand, beside the code: ``data/NAME.toml``."""

import tomllib
from importlib.resources import files
from typing import Any


def table(name: str) -> dict[str, Any]:
    """The table ``data/NAME.toml``; where it comes from is in ``data/SOURCES.toml``."""
    return tomllib.loads((files("simulator.world") / "data" / f"{name}.toml").read_text(encoding="utf-8"))
