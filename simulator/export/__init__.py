"""Exports: the log and the auditor's tables in a format that other tools read. One file per format, by discovery."""

import importlib
import pkgutil
from pathlib import Path

from simulator import storage
from simulator.dataset import Dataset
from simulator.errors import UnknownNameError
from simulator.export import formats
from simulator.export.apart import Apart, Excerpt
from simulator.export.canonical import Run
from simulator.export.contract import Exporter, TableFiles

__all__ = [
    "Apart",
    "Excerpt",
    "Exporter",
    "Run",
    "TableFiles",
    "discover",
    "export",
    "exporter",
    "names",
    "table_files",
]


def discover() -> dict[str, Exporter]:
    """The exporters that ship with the package, by name, in name order."""
    modules = (f"{formats.__name__}.{m.name}" for m in pkgutil.iter_modules(formats.__path__))
    found: list[Exporter] = [importlib.import_module(module).EXPORTER for module in modules]
    return {entry.name: entry for entry in sorted(found, key=lambda e: e.name)}


def names() -> tuple[str, ...]:
    """The names of the formats."""
    return tuple(discover())


def exporter(name: str) -> Exporter:
    """The exporter called `name`.

    Raises:
        UnknownNameError: there is no such format.
    """
    known = discover()
    if name not in known:
        raise UnknownNameError("format", name, known)
    return known[name]


def table_files(name: str) -> TableFiles:
    """How the format called `name` keeps a single table.

    Raises:
        UnknownNameError: there is no such format that keeps each table in a file of its own.
    """
    known = {key: entry.files for key, entry in discover().items() if entry.files}
    if name not in known:
        raise UnknownNameError("format", name, known)
    return known[name]


def export(dataset: Dataset, form: str, out: Path, apart: Apart | None = None) -> list[Path]:
    """Write the log and the auditor's tables of `dataset` into the new folder `out`; the files, in order.

    Everything is written beside `out` and renamed when whole. Pseudonyms are the run's, unless `apart` says otherwise.

    Raises:
        UnknownNameError: there is no such format.
        ExistsError: `out` is already there.
        StorageError: the disk would not take it.
    """
    chosen = exporter(form)
    with storage.whole_folder(out) as draft:
        written = chosen.write(Run(dataset, apart), draft)
    return [out / path.relative_to(draft) for path in written]
