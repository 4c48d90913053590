"""The answer key: what a run's events truly were. It lives in ``RUN.truth``, apart from everything a detector reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from simulator import storage
from simulator.errors import MissingError
from simulator.schema import EPISODE, LABEL


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Labels and episodes of one run.

    Attributes:
        labels: table ``label``, one row per event of an episode.
        episodes: table ``episode``.
        run: root digest of the run it belongs to.
    """

    labels: pl.DataFrame
    episodes: pl.DataFrame
    run: str

    @property
    def misuse(self) -> pl.Series:
        """The event_ids of misuse, sorted."""
        return self.labels.filter("misuse")["event_id"].sort()

    def write(self, folder: Path) -> None:
        """Write the key into `folder`."""
        storage.write_parquet(LABEL, self.labels, folder / "label.parquet")
        storage.write_parquet(EPISODE, self.episodes, folder / "episode.parquet")
        storage.write_bytes(folder / "run.sha256", f"{self.run}\n".encode())

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the key in `folder`.

        Raises:
            MissingError: the folder or a part of it is not there.
            DamagedError: a part does not decode.
        """
        root = folder / "run.sha256"
        if not root.is_file():
            msg = f"no answer key in {folder}; give the folder ending in .truth that was made with the run"
            raise MissingError(msg)
        labels = storage.read_parquet(folder / "label.parquet")
        episodes = storage.read_parquet(folder / "episode.parquet")
        return cls(LABEL.conform(labels), EPISODE.conform(episodes), root.read_text(encoding="ascii").strip())
