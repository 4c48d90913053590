"""What a detector may see: the log and the auditor's tables, by name. No labels, no seed, no simulator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from simulator.errors import UnknownNameError

TABLES = ("event", "shown", "staff", "account", "terminal", "section", "roster", "case", "attribute")
"""The tables that a detector may read: ``audit/`` and ``auditor/`` of a run."""


class AuditorView(Protocol):
    """Tables by name; a `Dataset` is one."""

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`, one of `TABLES`."""
        ...


@dataclass(frozen=True, slots=True)
class Tables:
    """A view over frames in memory, for tests and for data that is no run of ours."""

    frames: Mapping[str, pl.DataFrame]

    def table(self, table: str) -> pl.DataFrame:
        """The frame called `table`.

        Raises:
            UnknownNameError: there is none.
        """
        if table not in self.frames:
            raise UnknownNameError("table", table, self.frames)
        return self.frames[table]


@dataclass(frozen=True, slots=True)
class Auditor:
    """A view that opens only what an auditor has, so that a detector cannot read the register itself.

    Attributes:
        inner: where the tables are.
        known: what was made of them and serves more than one detector, by name.
    """

    inner: AuditorView
    known: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`.

        Raises:
            UnknownNameError: an auditor has no such table.
        """
        if table not in TABLES:
            raise UnknownNameError("table", table, TABLES, "what an auditor has")
        return self.inner.table(table)
