"""Search by name in kanji and birth date."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "name_birth",
    "Residents whose folded name matches and who were born on the day.",
    (
        Key("name_key", "name", Fold.NAME),
        Key("birth_date", "birth"),
    ),
)
