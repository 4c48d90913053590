"""Search by kana name and birth date."""

from simulator.registry.query import Fold, Key, Query

QUERY = Query(
    "kana_birth",
    "Residents whose folded kana name matches and who were born on the day.",
    (
        Key("kana_key", "kana", Fold.KANA),
        Key("birth_date", "birth"),
    ),
)
