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
        parts: tables of changes so far.
        founded: (households, addresses, heads, kind) taken into use in the window.
    """

    next_household: int
    next_address: int
    parts: list[pl.DataFrame] = field(default_factory=list)
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
        frame = pl.DataFrame({name: value.astype(np.int64) for name, value in zip(_COLUMNS, values, strict=True)})
        self.parts.append(frame.with_columns(reason=pl.lit(reason, CHANGES)))

    def table(self) -> pl.DataFrame:
        """All changes with `NOWHERE` as null, in the order they were written."""
        empty = pl.DataFrame(schema={**dict.fromkeys(_COLUMNS, pl.Int64), "reason": CHANGES})
        places = [pl.when(pl.col(c) != NOWHERE).then(pl.col(c)).cast(pl.UInt32).alias(c) for c in _COLUMNS[3:]]
        days = [pl.col(c).cast(pl.Int32).cast(pl.Date) for c in _COLUMNS[:2]]
        return pl.concat([empty, *self.parts]).with_columns(*places, *days)
