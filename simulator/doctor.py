"""What this installation is made of, and what to know about it."""

import platform
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import simulator
from simulator import storage

# Source: registry.md 6.3: the WAL-reset fault (two or more connections) was fixed in SQLite 3.51.3.
_SQLITE_FIXED = (3, 51, 3)
_CORE = ("polars", "pyarrow", "numpy", "sqlite-utils", "pycryptodome", "faker", "typer")
_OPTIONAL = {"numba": "fast", "psycopg": "postgres", "pytest": "test"}


def examine() -> list[dict[str, str]]:
    """One row per part: its name, what was found, and a remark."""
    python = {"part": "python", "found": platform.python_version(), "remark": platform.platform(terse=True)}
    own = {"part": "jukisim", "found": simulator.__version__, "remark": ""}
    return [own, python, *_packages(), _sqlite(), _disk()]


def _packages() -> Iterator[dict[str, str]]:
    for name in _CORE:
        yield {"part": name, "found": metadata.version(name), "remark": ""}
    for name, extra in _OPTIONAL.items():
        found = _version(name)
        yield {"part": name, "found": found or "absent", "remark": "" if found else f"optional: jukisim[{extra}]"}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _sqlite() -> dict[str, str]:
    version = storage.engine_version()
    safe = version >= _SQLITE_FIXED
    remarks = [] if safe else ["before 3.51.3: one writing process per database (jukisim keeps to it)"]
    remarks += [] if storage.has_text_index() else ["without FTS5: no register can be written or searched by parts"]
    return {"part": "sqlite", "found": ".".join(map(str, version)), "remark": "; ".join(remarks)}


def _disk() -> dict[str, str]:
    free = shutil.disk_usage(Path.cwd()).free
    return {"part": "disk", "found": f"{free / 2**30:.1f} GiB free", "remark": "in the present folder"}
