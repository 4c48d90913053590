"""Search by address."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "address",
    "Residents whose folded address matches.",
    (Key("address_key", "address", Fold.ADDRESS, in_address=True),),
)
