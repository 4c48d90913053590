"""Search by household number."""

from simulator.registry.query import Key, Query

QUERY = Query(
    "household",
    "The members of the household.",
    (Key("household_no", "household"),),
    matches=("exact",),
)
