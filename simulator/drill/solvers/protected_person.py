"""Protected person: who opened a hidden address, or the relatives around it, without business."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """The unexplained looks of whoever has one at a protected person or at their family, by household and surname."""
    looks, people = unexplained(evidence), evidence.people
    family = people.select("person_no", "household_no", "protected", family=pl.col("name").str.split(" ").list.first())
    hidden = family.filter("protected")
    near = pl.col("household_no").is_in(hidden["household_no"].implode()) | pl.col("family").is_in(
        hidden["family"].implode()
    )
    touched = looks.join(family.filter(near).select("person_no"), on="person_no")
    return {"misuse": looks.join(touched.select("staff_code").unique(), on="staff_code")}
