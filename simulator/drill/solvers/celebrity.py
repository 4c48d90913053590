"""Celebrity: every look that no business explains, wherever the official works."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """All that stays unexplained."""
    return {"misuse": unexplained(evidence)}
