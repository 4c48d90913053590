"""What an open database can do, whichever engine it is."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

Dialect = Literal["sqlite", "postgresql"]


class Connection(Protocol):
    """An open database: statements with parameters written ``:name``, errors of ours.

    Days are given as `datetime.date` and come back as ISO 8601 text, the same from every engine;
    flags come back as 1 and 0.
    """

    @property
    def dialect(self) -> Dialect:
        """Which SQL it speaks, where the two differ."""
        ...

    def select(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows that `sql` with the parameters `values` gives; none for a statement that gives none.

        Raises:
            DamagedError: the database is damaged or none.
            StorageError: it is locked, read-only, gone, or the disk would not do it.
        """
        ...

    def column(self, sql: str) -> list[Any]:
        """The first value of each row that `sql` gives; of a million in less than a second.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        ...

    def execute(self, sql: str, rows: Iterable[Mapping[str, Any]] = ({},)) -> None:
        """Carry out `sql` once for each of `rows`, its parameters.

        Raises:
            DamagedError, StorageError: as of `select`; or a constraint, a trigger or a missing right forbids it.
        """
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Whole or not at all.

        Raises:
            DamagedError, StorageError: as of `select`.
        """
        ...

    def close(self) -> None:
        """Close it."""
        ...
