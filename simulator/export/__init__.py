"""Exports: the log and the auditor's tables in a format that other tools read. One file per format, by discovery."""

import importlib
import pkgutil
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from simulator import storage
from simulator.dataset import Dataset
from simulator.errors import ExistsError, StorageError, UnknownNameError
from simulator.export import formats
from simulator.export.contract import Exporter
from simulator.schema import AUDIT_TABLES, AUDITOR_TABLES, Table

__all__ = ["EXPORTED", "Exporter", "discover", "export", "exporter", "names"]

EXPORTED = (*AUDIT_TABLES, *AUDITOR_TABLES)
"""The tables that leave: the log and what an auditor has beside it."""


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


def export(dataset: Dataset, form: str, out: Path) -> list[Path]:
    """Write the log and the auditor's tables of `dataset` into the new folder `out`; the files, in order.

    Everything is written beside `out` and renamed when whole.

    Raises:
        UnknownNameError: there is no such format.
        ExistsError: `out` is already there.
        StorageError: the disk would not take it.
    """
    chosen = exporter(form)
    if out.exists():
        msg = f"{out} already exists; give another --out or remove it first"
        raise ExistsError(msg)
    draft = out.with_name(f".{out.name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for table in EXPORTED:
            chosen.write(table, _parts(dataset, table), draft / f"{table.name}{chosen.suffix}")
        draft.rename(out)
    except OSError as error:
        msg = f"{out} could not be written: {error}"
        raise StorageError(msg) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [out / f"{table.name}{chosen.suffix}" for table in EXPORTED]


def _parts(dataset: Dataset, table: Table) -> Iterator[pl.DataFrame]:
    return (table.conform(storage.read_parquet(path)) for path in dataset.files(table.name))
