"""Search by address and surname."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "address_name",
    "Residents whose folded address matches and whose folded surname is equal.",
    (
        Key("address_key", "address", Fold.ADDRESS, in_address=True),
        Key("family_name_key", "family_name", Fold.NAME),
    ),
)
