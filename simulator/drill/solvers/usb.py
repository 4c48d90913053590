"""USB: an extraction drawn again under an approval that was given for one."""

import polars as pl

from simulator.drill.evidence import Evidence


def find(evidence: Evidence) -> dict[str, pl.DataFrame]:
    """Every extraction but the first of its approval."""
    exports = evidence.events.filter((pl.col("action") == "export") & pl.col("approval_id").is_not_null())
    ordered = exports.sort("at", "event_id")
    return {"misuse": ordered.filter(pl.int_range(pl.len()).over("approval_id") > 0)}
