"""Columns into SQLite in bulk by ADBC. Its driver loads half a second of libraries, so only when rows are written."""

import sqlite3
from pathlib import Path
from typing import Any

import adbc_driver_manager

REFUSALS = (sqlite3.Error, adbc_driver_manager.Error)
"""What SQLite says when it will not, whichever way it was asked."""


def bulk(path: Path, *, autocommit: bool = False) -> Any:
    """A connection of ADBC to the SQLite database `path`, to be used as a context."""
    import adbc_driver_sqlite.dbapi  # noqa: PLC0415 - slow to load

    return adbc_driver_sqlite.dbapi.connect(str(path), autocommit=autocommit)
