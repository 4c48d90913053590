"""Kochi: a look of the property-tax section that no case explains, at somebody it had nothing to do with."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """Property tax has its own case list; who is opened without any case there, kin or neighbour of one, stands out."""
    return {"misuse": unexplained(evidence).filter(pl.col("section") == "property_tax")}
