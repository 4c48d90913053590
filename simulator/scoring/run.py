"""What scoring needs of a run."""

from typing import Protocol

import polars as pl


class ScoredRun(Protocol):
    """A run that can be scored; a `Dataset` is one."""

    @property
    def root(self) -> str:
        """The root digest of the run."""
        ...

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`."""
        ...
