"""Reading a run: tables by name, over all its municipalities."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from simulator import schema, storage
from simulator.dataset.manifest import Manifest
from simulator.errors import MissingError, UsageError

_TRUTH_NAMES = {f"{table.name}.parquet" for table in schema.TRUTH_TABLES} | {"seed.json", "misuse.toml"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The public half of a run: no seed, no labels, no keys.

    Attributes:
        path: the folder.
        manifest: what it holds.
    """

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open the run in `path`; only its manifest is read.

        Raises:
            MissingError: there is no finished run.
            DamagedError: its manifest is damaged.
            UsageError: the folder holds truth, which no detector may see.
        """
        folder = Path(path)
        if not folder.is_dir():
            msg = f"{folder} is not a folder; give the folder of a run"
            raise MissingError(msg)
        truth = sorted(f.name for f in folder.rglob("*") if f.name in _TRUTH_NAMES)
        if truth:
            msg = f"{folder} holds truth ({truth[0]}); give the public half of the run, without .truth"
            raise UsageError(msg)
        return cls(folder, Manifest.read(folder))

    @property
    def root(self) -> str:
        """The root digest: the name of the run."""
        return self.manifest.root

    def files(self, table: str) -> list[Path]:
        """The Parquet files of `table`, in order.

        Raises:
            UnknownNameError: a run has no such table.
            MissingError: a listed file is gone.
        """
        schema.table(table)
        parts = [self.path / f.path for f in self.manifest.files if _table_of(f.path) == table]
        gone = [part for part in parts if not part.is_file()]
        if gone:
            msg = f"{gone[0]} is missing from the run"
            raise MissingError(msg)
        return parts

    def scan(self, table: str) -> pl.LazyFrame:
        """`table` as a lazy frame, for what does not fit in memory."""
        return pl.scan_parquet(self.files(table))

    def table(self, table: str) -> pl.DataFrame:
        """`table` as a frame, in the order of its key."""
        parts = [storage.read_parquet(part) for part in self.files(table)]
        return pl.concat(parts) if parts else schema.table(table).empty()


def _table_of(path: str) -> str | None:
    parts = path.split("/")
    return parts[1] if path.endswith(".parquet") and len(parts) == 3 else None  # noqa: PLR2004 - folder/table/part
