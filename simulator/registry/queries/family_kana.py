"""Search by kana surname."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "family_kana",
    "Residents whose folded kana surname matches.",
    (Key("family_kana_key", "family_kana", Fold.KANA),),
)
