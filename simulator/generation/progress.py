"""How far a run is: words for the reader, and a share of the work that counts large municipalities for more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulator.generation.part import PART_STAGES
from simulator.scenario import Scenario

Progress = Callable[[str, float], None]
"""Called at the start of each stage with its name, and with the share of the whole work that is done by then (0–1)."""
CLOSING_STAGES = ("digests", "leak gate", "keys")
ASSUMED_CLOSING = 0.03
"""Share of the work that joining the parts takes."""


def nothing(_words: str, _share: float) -> None:
    """Tell nobody."""


def weight(scenario: Scenario, code: str) -> float:
    """The work that a municipality is, in residents."""
    return float(scenario.sized(code)[0].residents)


@dataclass(slots=True)
class Meter:
    """Counts finished parts.

    Attributes:
        progress: whom it tells.
        weights: by municipality.
        done: the municipalities that are finished.
    """

    progress: Progress
    weights: dict[str, float]
    done: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, progress: Progress, scenario: Scenario, codes: Sequence[str]) -> "Meter":
        """A meter of the municipalities `codes`."""
        return cls(progress, {code: weight(scenario, code) for code in codes})

    @property
    def share(self) -> float:
        """Of the whole work, how much is done."""
        done = sum(self.weights[code] for code in self.done) / sum(self.weights.values())
        return done * (1 - ASSUMED_CLOSING)

    def stage(self, code: str) -> Callable[[str], None]:
        """What to call at the start of each stage of the municipality `code`."""
        passed = 0
        part = self.weights[code] / sum(self.weights.values()) * (1 - ASSUMED_CLOSING) / len(PART_STAGES)

        def tell(name: str) -> None:
            nonlocal passed
            words = name if len(self.weights) == 1 else f"{code} {name}"
            self.progress(words, self.share + passed * part)
            passed += 1

        return tell

    def finished(self, code: str) -> None:
        """Count `code` as finished, and say so where there are several."""
        self.done.add(code)
        if len(self.weights) > 1:
            self.progress(f"{len(self.done):,} of {len(self.weights):,} municipalities", self.share)

    def closing(self, stage: str) -> None:
        """Say that the parts are being joined."""
        passed = CLOSING_STAGES.index(stage) / len(CLOSING_STAGES)
        self.progress(stage, 1 - ASSUMED_CLOSING * (1 - passed))
