"""Search by resident code."""

from simulator.registry.query import Key, Query

QUERY = Query(
    "resident_code",
    "The resident with the eleven-digit resident code.",
    (Key("resident_code", "resident_code"),),
    matches=("exact",),
)
