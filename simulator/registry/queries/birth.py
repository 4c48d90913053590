"""Search by birth date."""

from simulator.registry.query import Key, Query

QUERY = Query(
    "birth",
    "Residents born on the day.",
    (Key("birth_date", "birth"),),
    matches=("exact",),
)
