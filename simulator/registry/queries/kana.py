"""Search by kana name."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "kana",
    "Residents whose folded kana name (surname, given name) matches.",
    (Key("kana_key", "kana", Fold.KANA),),
)
