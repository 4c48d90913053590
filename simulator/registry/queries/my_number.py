"""Search by My Number."""

from simulator.registry.query import Key, Query

QUERY = Query(
    "my_number",
    "The resident with the twelve-digit My Number.",
    (Key("my_number", "my_number"),),
    matches=("exact",),
)
