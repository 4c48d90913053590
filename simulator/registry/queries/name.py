"""Search by name in kanji."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "name",
    "Residents whose name matches, variant characters folded.",
    (Key("name_key", "name", Fold.NAME),),
)
