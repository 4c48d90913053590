"""List broker: one official opens stranger after stranger without a case, never more than peers open in all."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """The unexplained looks of whoever has them about most different people."""
    looks = unexplained(evidence)
    people = looks.group_by("staff_code").agg(pl.col("person_no").n_unique()).sort("person_no", "staff_code")
    return {"misuse": looks.join(people.tail(1).select("staff_code"), on="staff_code")}
