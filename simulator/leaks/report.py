"""What the gate found, in numbers that say what it could have seen."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

LARGEST_LIFT = 3.0
"""Above this, with certainty, an artefact tells misuse. Source: detection.md 3.5."""

FEWEST_EPISODES = 8
"""With fewer nobody can learn from some and be tried on others: nothing is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was measured.

    Attributes:
        check: which of the checks.
        what: column, bin or pair that was measured.
        value: the measure: a lift, an area under a curve, a count.
        low, high: its interval, clustered by episode and corrected over all that the check measured.
        leaks: whether it tells misuse beyond doubt.
        power: the smallest lift (or distance from 0.5) that would have been seen; infinite where nothing could be.
    """

    check: str
    what: str
    value: float
    low: float
    high: float
    leaks: bool
    power: float

    def line(self) -> str:
        """The finding in a line."""
        verdict = "LEAKS" if self.leaks else "holds"
        return (
            f"{verdict}  {self.check}: {self.what}: {self.value:.2f} ({self.low:.2f}–{self.high:.2f}), "
            f"seen from {self.power:.2f}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All findings over a run.

    Attributes:
        findings: one for each thing measured.
        events: events of misuse that were looked at.
        episodes: episodes that they belong to.
    """

    findings: tuple[Finding, ...]
    events: int
    episodes: int

    @property
    def leaks(self) -> tuple[Finding, ...]:
        """What tells misuse."""
        return tuple(finding for finding in self.findings if finding.leaks)

    def lines(self) -> Iterator[str]:
        """The report in lines, what leaks first."""
        yield f"{self.events} events of misuse in {self.episodes} episodes; {len(self.findings)} measures"
        yield from (finding.line() for finding in sorted(self.findings, key=lambda f: (not f.leaks, -f.low)))

    def to_bytes(self) -> bytes:
        """The report as JSON."""
        values = {
            "events": self.events,
            "episodes": self.episodes,
            "leaks": len(self.leaks),
            "findings": [asdict(finding) for finding in self.findings],
        }
        return (json.dumps(_finite(values), ensure_ascii=False, indent=1) + "\n").encode()


def _finite(value: object) -> object:
    """Infinities as null: JSON has none."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and abs(value) == float("inf") else value
