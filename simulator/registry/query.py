"""What a named query is: a declaration that columns and SQL both follow."""

from dataclasses import dataclass
from enum import StrEnum


class Fold(StrEnum):
    """How typed text is brought to the form of its key."""

    KANA = "kana"
    NAME = "name"
    ADDRESS = "address"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Key:
    """One detail that is searched by.

    Attributes:
        column: the precomputed column that holds its folded form, of the table ``resident`` or ``address``.
        label: its name in the log's ``search_keys``.
        fold: how typed text becomes that form.
        in_address: whether the column is of the table ``address``.
    """

    column: str
    label: str
    fold: Fold = Fold.PLAIN
    in_address: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search for residents.

    Attributes:
        name: its code in the vocabulary of searches.
        meaning: what it finds, in words.
        keys: the details; the first is matched as asked, the others must be equal.
        matches: how the first may match. A query that knows only ``exact`` takes every match for it.
        columns: what a list of its candidates shows.
    """

    name: str
    meaning: str
    keys: tuple[Key, ...]
    matches: tuple[str, ...] = ("exact", "prefix", "partial")
    columns: tuple[str, ...] = (
        "family_name",
        "given_name",
        "family_kana",
        "given_kana",
        "sex",
        "birth_date",
        "address",
    )

    def match(self, asked: str) -> str:
        """The match that is made when `asked` is asked for."""
        return asked if asked in self.matches else "exact"
