"""Build hook: a wheel or sdist holds only tables that SOURCES.toml says may be redistributed."""

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = Path("simulator/world/data")
LIST = "SOURCES.toml"


def faults(data: Path) -> list[str]:
    """What must not be built: a table without a source, or one that may not be redistributed."""
    told = tomllib.loads((data / LIST).read_text(encoding="utf-8"))
    found = []
    for path in sorted(p for p in data.iterdir() if p.is_file() and p.name != LIST):
        entry = told.get(path.stem)
        if entry is None:
            found.append(f"{path} has no entry in {LIST}")
        elif entry.get("redistributable") is not True or not entry.get("licence"):
            found.append(f"{path} may not be redistributed by {LIST}: it needs a licence and redistributable = true")
    return found


class SourcesHook(BuildHookInterface):
    """Refuses the build where `faults` finds something."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's words
        """Check before anything is packed."""
        found = faults(Path(self.root) / DATA)
        if found:
            raise SystemExit("\n".join(found))
