"""What the workload needs to know of a population; any object with these columns will do."""

from typing import Protocol

import polars as pl

from simulator.clock import Window


class Town(Protocol):
    """A population, read-only: frames of the tables in ``schema.people``."""

    @property
    def window(self) -> Window:
        """The days of the run."""
        ...

    @property
    def residents(self) -> pl.DataFrame:
        """Table ``resident``; row number = resident_no."""
        ...

    @property
    def addresses(self) -> pl.DataFrame:
        """Table ``address``."""
        ...

    @property
    def changes(self) -> pl.DataFrame:
        """Table ``change``."""
        ...

    @property
    def figures(self) -> pl.DataFrame:
        """Table ``figure``."""
        ...

    @property
    def relations(self) -> pl.DataFrame:
        """Table ``relation``."""
        ...

    @property
    def protections(self) -> pl.DataFrame:
        """Table ``protection``."""
        ...
