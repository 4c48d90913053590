"""Archetypes, one file each, found by discovery. A new file is a new archetype; nothing else is edited."""

import importlib
import pkgutil
from functools import cache

from simulator.errors import UnknownNameError
from simulator.workload.archetype import Archetype


@cache
def records() -> dict[str, Archetype]:
    """Every archetype by name, in name order."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    loaded: list[Archetype] = [importlib.import_module(f"{__name__}.{name}").ARCHETYPE for name in found]
    return {archetype.name: archetype for archetype in sorted(loaded, key=lambda a: a.name)}


def record(name: str) -> Archetype:
    """The archetype called `name`.

    Raises:
        UnknownNameError: there is none.
    """
    known = records()
    if name not in known:
        raise UnknownNameError("archetype", name, known)
    return known[name]
