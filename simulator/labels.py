"""The answer key: what a run's events truly were. It lives in ``RUN.truth``, apart from everything a detector reads.

Or in ``RUN.truth.sealed``, one file that only a passphrase opens: for drills, tests and rounds that must stay blind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from simulator import storage
from simulator.errors import DamagedError, MissingError
from simulator.pseudonym import Passphrase, seal
from simulator.schema import EPISODE, LABEL

SEALED = ".sealed"
CONTEXT = b"jukisim/truth/v1"
"""What the seal of a folder of truth is made for; it opens as nothing else."""


def truth_of(run: Path) -> Path:
    """Where the truth of the run in the folder `run` lies: beside it, open or sealed."""
    folder = run.with_name(run.name + ".truth")
    sealed = folder.with_name(folder.name + SEALED)
    return sealed if sealed.is_file() and not folder.exists() else folder


def write_key(folder: Path, labels: Iterable[pl.DataFrame], episodes: Iterable[pl.DataFrame], run: str) -> None:
    """Write the key of the run with the root digest `run` into `folder`: parts of its tables, each in their order."""
    storage.write_parts(LABEL, labels, folder / "label.parquet")
    storage.write_parts(EPISODE, episodes, folder / "episode.parquet")
    storage.write_bytes(folder / "run.sha256", f"{run}\n".encode())


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
        write_key(folder, [self.labels], [self.episodes], self.run)

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

    @classmethod
    def unlock(cls, path: Path, passphrase: Passphrase) -> Self:
        """Read the key in the sealed file `path`; it is opened in memory and not written to the disk.

        Raises:
            MissingError: there is no such file.
            SealError: the passphrase is wrong or the file was changed.
            KeyFileError: the file is open to others.
            DamagedError: something else than truth was sealed.
        """
        files = seal.unlock_files(path, passphrase, CONTEXT)
        return cls(
            LABEL.conform(storage.parse_parquet(_part(files, "label.parquet"), "label.parquet")),
            EPISODE.conform(storage.parse_parquet(_part(files, "episode.parquet"), "episode.parquet")),
            bytes(_part(files, "run.sha256")).decode("ascii").strip(),
        )


def _part(files: Mapping[str, memoryview], name: str) -> memoryview:
    if name not in files:
        msg = f"the seal holds no {name}: another folder than a run's truth was sealed"
        raise DamagedError(msg)
    return files[name]
