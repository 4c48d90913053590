"""How well somebody's linkage did: pairs against the answer key."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from simulator import export
from simulator.errors import MissingError, UsageError
from simulator.schema.linkage import LINK, MISTAKE

_COLUMNS = ["record_a", "record_b"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a linkage found.

    Attributes:
        right, wrong, missed: numbers of pairs.
        by_kind: of the records of list B with an error of each kind and a partner: kind, how many, how many found.
    """

    right: int
    wrong: int
    missed: int
    by_kind: tuple[tuple[str, int, int], ...]

    def rows(self) -> Iterator[dict[str, Any]]:
        """All pairs first, then those with an error of each kind."""
        total, claimed = self.right + self.missed, self.right + self.wrong
        precision = round(self.right / claimed, 4) if claimed else None
        share = round(self.right / total, 4) if total else None
        yield {"pairs": "all", "true": total, "found": self.right, "recall": share, "precision": precision}
        for kind, many, found in self.by_kind:
            yield {"pairs": kind, "true": many, "found": found, "recall": round(found / many, 4), "precision": None}


def score_links(truth: Path, claimed: Path) -> Found:
    """Hold the pairs of the CSV file `claimed` (columns record_a, record_b) against the key in the folder `truth`.

    Raises:
        MissingError: a file is not there.
        UsageError: `claimed` has other columns, or a pair twice.
    """
    links, mistakes = _read(LINK, truth, "links"), _read(MISTAKE, truth, "mistakes")
    pairs = _claimed(claimed)
    true = links.filter(pl.col("record_a").is_not_null()).select(*_COLUMNS)
    right = true.join(pairs, on=_COLUMNS)
    found = pl.col("record_b").is_in(right["record_b"].to_list())
    hard = mistakes.unique(["record_id", "kind"]).join(true, left_on="record_id", right_on="record_b")
    kinds = hard.rename({"record_id": "record_b"}).group_by("kind").agg(pl.len(), found=found.sum()).sort("kind")
    return Found(right.height, pairs.height - right.height, true.height - right.height, tuple(kinds.iter_rows()))


def _read(table: Any, truth: Path, name: str) -> pl.DataFrame:
    for exporter in export.discover().values():
        if exporter.files and (path := truth / f"{name}{exporter.files.suffix}").is_file():
            return exporter.files.read(table, path)
    msg = f"{truth} holds no answer key ({name}.*); give the folder OUT.truth of jukisim population errors"
    raise MissingError(msg)


def _claimed(path: Path) -> pl.DataFrame:
    if not path.is_file():
        msg = f"{path} is missing"
        raise MissingError(msg)
    try:
        pairs = pl.read_csv(path, schema_overrides=dict.fromkeys(_COLUMNS, pl.String)).select(_COLUMNS)
    except pl.exceptions.PolarsError as error:
        msg = f"{path} is no CSV file with the columns record_a and record_b: {str(error).splitlines()[0]}"
        raise UsageError(msg) from error
    if pairs.is_duplicated().any():
        msg = f"{path} has {pairs.height - pairs.n_unique()} pairs more than once"
        raise UsageError(msg)
    return pairs
