"""Papers."""

from pathlib import Path

from simulator.drill.pack import Manifest, Question
from simulator.drill.spec import DrillSpec


def write_papers(drill: DrillSpec, manifest: Manifest, questions: tuple[Question, ...], folder: Path) -> None:
    """Write."""
