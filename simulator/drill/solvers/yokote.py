"""Yokote: one resident whom clerks of several branch offices opened without a case."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """Of the branches' unexplained looks, those at the resident with most different actors."""
    looks = unexplained(evidence).filter(pl.col("section").str.starts_with("branch_"))
    crowds = looks.group_by("person_no").agg(pl.col("staff_code").n_unique()).sort("staff_code", "person_no")
    return {"misuse": looks.join(crowds.tail(1).select("person_no"), on="person_no")}
