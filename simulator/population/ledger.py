"""The changes of record of a block, part by part, and the households and addresses that they take into use."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from simulator.schema.people import CHANGES
from simulator.streams import Ints

NOWHERE = -1
_COLUMNS = ("happened_on", "notified_on", "resident_no", "household_from", "household_to", "address_from", "address_to")


@dataclass(slots=True)
class Ledger:
    """Collects changes.

    Attributes:
        next_household, next_address: the next free numbers.
        parts: reason and columns of the changes so far.
        founded: (households, addresses, heads, kind) taken into use in the window.
    """

    next_household: int
    next_address: int
    parts: list[tuple[str, tuple[Ints, ...]]] = field(default_factory=list)
    founded: list[tuple[Ints, Ints, Ints, str]] = field(default_factory=list)

    def households(self, heads: Ints, kind: str, addresses: Ints) -> Ints:
        """New households of `heads` at `addresses`."""
        numbers = np.arange(self.next_household, self.next_household + len(heads))
        self.next_household += len(heads)
        self.founded.append((numbers, addresses, heads, kind))
        return numbers

    def addresses(self, count: int) -> Ints:
        """`count` addresses that stand empty."""
        numbers = np.arange(self.next_address, self.next_address + count)
        self.next_address += count
        return numbers

    def note(self, reason: str, residents: Ints, days: tuple[Ints, Ints], where: tuple[Ints | int, ...]) -> None:
        """Record one change for each of `residents`.

        Args:
            reason: 異動事由.
            residents: local resident numbers, shape ``(n,)``.
            days: when it happened and was notified.
            where: household from, household to, address from, address to; `NOWHERE` for none.
        """
        values = (*days, residents, *(np.broadcast_to(np.asarray(part), residents.shape) for part in where))
        self.parts.append((reason, values))

    def table(self) -> pl.DataFrame:
        """All changes with `NOWHERE` as null, in the order they were written."""
        columns = {name: self._column(at) for at, name in enumerate(_COLUMNS)}
        reasons = pl.Series([reason for reason, _ in self.parts], dtype=CHANGES)
        counts = [len(values[0]) for _, values in self.parts]
        places = [pl.when(pl.col(c) != NOWHERE).then(pl.col(c)).cast(pl.UInt32).alias(c) for c in _COLUMNS[3:]]
        days = [pl.col(c).cast(pl.Int32).cast(pl.Date) for c in _COLUMNS[:2]]
        reason = reasons[np.repeat(np.arange(len(counts)), counts)]
        return pl.DataFrame({**columns, "reason": reason}).with_columns(*places, *days)

    def _column(self, at: int) -> Ints:
        nothing = np.zeros(0, dtype=np.int64)
        column: Ints = np.concatenate([nothing, *(values[at] for _, values in self.parts)]).astype(np.int64)
        return column
