"""The two tracks of a benchmark: what a detector may open in each."""

from dataclasses import dataclass

import polars as pl

from simulator.detect.features import TRACKS
from simulator.detect.view import TABLES, AuditorView
from simulator.errors import UnknownNameError

LOG_ONLY, AUDITOR_VIEW = "log-only", "auditor-view"
TABLES_OF = {LOG_ONLY: ("event", "shown"), AUDITOR_VIEW: TABLES}
"""Tables allowed in each track; all their columns are."""


def check_track(name: str) -> str:
    """`name`, if there is such a track.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in TRACKS:
        raise UnknownNameError("track", name, TRACKS)
    return name


@dataclass(frozen=True, slots=True)
class Tracked:
    """A view that opens the tables of one track; the others are there and empty."""

    inner: AuditorView
    track: str

    def table(self, table: str) -> pl.DataFrame:
        """The whole `table`, empty where the track does not allow it."""
        frame = self.inner.table(table)
        return frame if table in TABLES_OF[self.track] else frame.clear()
