"""Quiet year: what looks odd has a reason, and nothing is left."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """What stays unexplained, which is nothing."""
    return {"misuse": unexplained(evidence)}
