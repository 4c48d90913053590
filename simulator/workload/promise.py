"""What a scenario promises of an archetype: so many episodes, or so many on average."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from simulator import spec
from simulator.errors import SpecError
from simulator.streams import Stream, poisson_weights
from simulator.workload.archetype import Archetype
from simulator.workload.archetypes import record

RATE = "per_100_staff_year"
HIGHEST_RATE = 100.0
_DAYS = 365
_STAFF = 100


@dataclass(frozen=True, slots=True)
class Promise:
    """Episodes of one archetype.

    Attributes:
        archetype: of which kind.
        params: with which knobs.
        episodes: exactly so many; None where a rate is promised.
        rate: on average so many in a hundred staff and a year; None where a count is promised.
    """

    archetype: Archetype
    params: Any
    episodes: int | None
    rate: float | None

    @classmethod
    def of(cls, name: str, values: Mapping[str, Any]) -> Self:
        """Read the misuse table `name` of a scenario.

        Raises:
            UnknownNameError: there is no such archetype or knob.
            SpecError: neither or both of ``episodes`` and ``per_100_staff_year``, or a value out of range.
        """
        archetype, where = record(name), f"misuse.{name}"
        count, rate = values.get("episodes"), values.get(RATE)
        if not archetype.played or (count is None) == (rate is None):
            msg = f"{where} needs episodes = N, a count, or {RATE} = X, and a kind of misuse, grey area or error"
            raise SpecError(msg)
        if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
            msg = f"{where} needs episodes = N, a count of 0 or more, not {count!r}"
            raise SpecError(msg)
        if rate is not None and (not isinstance(rate, int | float) or not 0 <= rate <= HIGHEST_RATE):
            msg = f"{where}.{RATE} must lie in 0–{HIGHEST_RATE:g}, not {rate!r}"
            raise SpecError(msg)
        knobs = {key: value for key, value in values.items() if key not in ("episodes", RATE)}
        params = spec.build(archetype.params, knobs, where)
        return cls(archetype, params, count, None if rate is None else float(rate))

    def expected(self, staff: int, days: int) -> float:
        """How many episodes are promised on average, of `staff` heads in `days` days."""
        if self.episodes is not None:
            return float(self.episodes)
        return (self.rate or 0.0) * staff * days / (_STAFF * _DAYS)

    def count(self, staff: int, days: int, stream: Stream) -> int:
        """How many episodes are played: the number itself, or one drawn about the average (Poisson)."""
        mean = self.expected(staff, days)
        if self.episodes is not None or mean == 0:
            return int(mean)
        return int(stream.pick("count", 1, poisson_weights(mean))[0])

    def holds(self, found: int, staff: int, days: int) -> bool:
        """Whether `found` episodes keep the promise: the number itself, or within the exact Poisson interval.

        The interval leaves out one run in a hundred thousand on either side. Below three expected episodes every number
        that the distribution can give holds, since one run alone cannot show otherwise; pool the seeds.
        """
        mean = self.expected(staff, days)
        if self.episodes is not None:
            return found == self.episodes
        return min(_below(found, mean), 1 - _below(found - 1, mean)) > 1e-5 if mean >= 3 else found >= 0  # noqa: PLR2004


def _below(count: int, mean: float) -> float:
    """Probability of at most `count` under the Poisson distribution of `mean`."""
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
