"""What the gate asks of a store of residents, one request at a time; SQLite and PostgreSQL answer it alike."""

from datetime import date
from typing import Protocol

from simulator.registry import Asked, Found, Standing


class Records(Protocol):
    """A store, as the gate sees it: it gives numbers, never a field of a resident."""

    def find(self, asked: Asked) -> Found:
        """Whom a search finds: counted to `asked.most` + 1, listed to `asked.limit`."""
        ...

    def nationwide(self, asked: Asked) -> Found:
        """Whom a search over the network finds, here and in the other municipalities that are known."""
        ...

    def standing(self, resident_no: int, day: date) -> Standing:
        """How the resident stands on `day`; all False for a number that nobody has."""
        ...

    def household(self, resident_no: int, day: date, *, guarded_too: bool) -> tuple[int, ...]:
        """Who lives with the resident on `day`, in the order of candidates; nobody for a number that nobody has."""
        ...

    def select(self, born: tuple[date, date], day: date, *, guarded_too: bool, limit: int) -> tuple[int, ...]:
        """The first `limit` residents on `day` born after the first and up to the second of `born`, by resident_no."""
        ...
