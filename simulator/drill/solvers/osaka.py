"""Osaka: curious people all over the house, and newcomers who practised on names they know."""

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.drill.reasons import unexplained

_PRACTICE_DAYS = 70
"""Newcomers are shown the system in their first weeks."""


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """What the newest did in their first weeks is practice; all else that stays unexplained is curiosity."""
    looks, staff = unexplained(evidence), evidence.staff
    at_work = staff.join(evidence.events.filter(pl.col("person_no").is_not_null()), on="staff_code", how="semi")
    newest = at_work.filter(pl.col("hired_on") == at_work["hired_on"].max()).select("staff_code", "hired_on")
    first = pl.col("at").dt.date() - pl.col("hired_on") <= pl.duration(days=_PRACTICE_DAYS)
    practice = looks.join(newest, on="staff_code").filter(first).drop("hired_on")
    return {"grey": practice, "misuse": looks.join(practice.select("event_id"), on="event_id", how="anti")}
