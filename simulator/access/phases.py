"""The gate of a window in which the policy changes: each request is decided by the table of its own day."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import polars as pl

from simulator.access.gate import Answers, Gate
from simulator.access.office import OfficeFrames
from simulator.access.opened import OpenGate
from simulator.access.policy import Policy, PolicyChange, in_force
from simulator.access.request import AccessRequest, Outcome
from simulator.clock import day_start_ms, to_ms
from simulator.registry import Registry


@dataclass(frozen=True, slots=True)
class PhasedGate:
    """Gates one after the other.

    Attributes:
        since: first millisecond of each but the first.
        gates: one more than that.
    """

    since: tuple[int, ...]
    gates: tuple[Gate, ...]

    @classmethod
    def of(cls, changes: Sequence[PolicyChange], registry: Registry, office: OfficeFrames) -> Self:
        """The shipped policy, and that of every day on which it changes."""
        policy, days = Policy.default(), sorted({change.on for change in changes})
        tables = [policy, *(in_force(policy, changes, day) for day in days)]
        return cls(tuple(map(day_start_ms, days)), tuple(Gate(table, registry, office) for table in tables))

    def submit_batch(self, requests: pl.DataFrame) -> Answers:
        """Decide `requests` (table ``request``), whose actor-days must be whole."""
        if not self.since:
            return self.gates[0].submit_batch(requests)
        phase = _phases(requests, self.since)
        parts = [gate.submit_batch(requests.filter(phase == number)) for number, gate in enumerate(self.gates)]
        return Answers(pl.concat([part.decided for part in parts]), pl.concat([part.shown for part in parts]))

    def open(self, history: pl.DataFrame, own: Callable[[int], pl.DataFrame]) -> "OpenPhases":
        """Gates for single requests, as ``Gate.open``."""
        return OpenPhases(self.since, tuple(gate.open(history, own) for gate in self.gates))


@dataclass(frozen=True, slots=True)
class OpenPhases:
    """Open gates one after the other; limits and approvals are of a day, and so of one of them."""

    since: tuple[int, ...]
    gates: tuple[OpenGate, ...]

    def submit(self, request: AccessRequest) -> Outcome:
        """Decide one request and remember it.

        Raises:
            UnknownNameError: a terminal or a word that does not exist.
        """
        return self.gates[bisect_right(self.since, to_ms(request.at))].submit(request)


def _phases(requests: pl.DataFrame, since: tuple[int, ...]) -> pl.Series:
    """Which gate decides each request."""
    at = requests["at"].dt.epoch("ms")
    return pl.Series(since, dtype=pl.Int64).search_sorted(at, side="right")
