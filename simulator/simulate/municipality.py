"""One municipality from nothing to its log: people, office, lawful work, misuse, decisions, files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulator import population, registry, storage, workload
from simulator.access import Gate, Policy, log
from simulator.errors import CheckError
from simulator.population import Population
from simulator.pseudonym import PseudonymKey, Pseudonymizer, Realm
from simulator.registry import Registry
from simulator.scenario import Scenario
from simulator.schema import EPISODE, LABEL, REGISTRY_TABLES
from simulator.simulate import auditor
from simulator.streams import Stream
from simulator.world.municipality import municipality

Progress = Callable[[str], None]
STAGES = ("people", "office", "lawful work", "misuse", "decisions", "log", "auditor's tables", "register")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Which municipality is made, and with what.

    Attributes:
        index: its number in the run, from 0: the high bits of its event_ids.
        code: its six digits.
        stream: its own randomness.
        key: pseudonym key of the run.
        folder: the run.
        jobs: workers; change no byte.
    """

    index: int
    code: str
    stream: Stream
    key: PseudonymKey
    folder: Path
    jobs: int

    @property
    def pseudonymizer(self) -> Pseudonymizer:
        """Of the realm of this municipality's audit log."""
        return Pseudonymizer(self.key, Realm(f"jp.sim/{self.code}/audit"))


@dataclass(frozen=True, slots=True)
class MadeHere:
    """What came of one municipality: rows by table, the head of its log, its part of the truth."""

    rows: dict[str, int]
    size: int
    root: str
    labels: pl.DataFrame
    episodes: pl.DataFrame
