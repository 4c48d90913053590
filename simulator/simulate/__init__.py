"""A raw run: every municipality simulated on its own streams, its files written into the folder of the run."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulator.dataset import LogHead
from simulator.pseudonym import PseudonymKey
from simulator.scenario import Scenario, people_stream
from simulator.simulate.municipality import STAGES, Site, make
from simulator.streams import Stream

__all__ = ["STAGES", "Made", "simulate"]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of the run: rows of each table, heads of the logs, staff by municipality, and the truth."""

    rows: dict[str, int]
    logs: tuple[LogHead, ...]
    staff: dict[str, pl.DataFrame]
    labels: pl.DataFrame
    episodes: pl.DataFrame


def simulate(
    scenario: Scenario, seed: int, key: PseudonymKey, folder: Path, *, jobs: int, progress: Callable[[str], None]
) -> Made:
    """Simulate `scenario` from `seed` into `folder`.

    Args:
        scenario: what to make.
        seed: 0 ≤ seed < 2^128.
        key: pseudonym key.
        folder: of the run; it must not exist or be empty.
        jobs: workers; change no byte.
        progress: called at the start of each stage with its name.

    Raises:
        StorageError: the disk would not take it.
        CheckError: an episode or decision is not what it must be.
    """
    codes = scenario.municipalities
    alone = jobs if len(codes) == 1 else 1
    with ThreadPoolExecutor(max_workers=min(jobs, len(codes))) as workers:
        sites = [_site(seed, index, code, key=key, folder=folder, jobs=alone) for index, code in enumerate(codes)]
        waiting = [workers.submit(make, scenario, site, progress) for site in sites]
        try:
            parts = [each.result() for each in waiting]
        finally:
            for each in waiting:
                each.cancel()
    rows: Counter[str] = Counter()
    for part in parts:
        rows.update(part.rows)
    return Made(
        dict(sorted(rows.items())),
        tuple(part.head for part in parts),
        {part.head.municipality: part.staff for part in parts},
        pl.concat(part.labels for part in parts).sort("event_id"),
        pl.concat(part.episodes for part in parts).sort("episode_id"),
    )


def _site(seed: int, index: int, code: str, *, key: PseudonymKey, folder: Path, jobs: int) -> Site:
    stream = Stream(seed).at("municipality", code)
    return Site(index=index, code=code, stream=stream, people=people_stream(seed), key=key, folder=folder, jobs=jobs)
