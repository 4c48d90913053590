"""The changes of record of a block, part by part, and the households and addresses that they take into use."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.population.columns import dates_or_none, numbers
from simulator.population.columns import texts as texts_of
from simulator.schema.people import ANNOUNCED, BASES, CHANGES
from simulator.schema.record import CHANGE_ITEM
from simulator.streams import Ints

NOWHERE = -1
_DAYS = ("happened_on", "notified_on", "recorded_on", "planned_on", "confirmed_on")
_PLACES = ("household_from", "household_to", "address_from", "address_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What some changes have beside days and places; `NOWHERE` for none.

    Attributes:
        elsewhere: address elsewhere, as a row of `origin_texts`.
        confirmed: day when another municipality told of the move in.
        recorded: day when the register was changed, where it is not that of the notice.
        cancels: number of the change that it undoes.
        basis: notice (届出), act of the office (職権) or message of another office (通知).
    """

    elsewhere: Ints | int = NOWHERE
    confirmed: Ints | int = NOWHERE
    recorded: Ints | None = None
    cancels: Ints | int = NOWHERE
    basis: str = "届出"


@dataclass(slots=True)
class Ledger:
    """Collects changes.

    Attributes:
        next_household, next_address, next_change: the next free numbers.
        parts: reason, basis and columns of the changes so far.
        items: what they changed beside household and address.
        founded: (households, addresses, heads, kind) taken into use in the window.
        aliases: residents, days and names (alias, alias_kana; null for none) of aliases recorded or removed.
    """

    next_household: int
    next_address: int
    next_change: int = 0
    parts: list[tuple[str, str, dict[str, Ints]]] = field(default_factory=list)
    items: list[tuple[str, Ints, Ints, pl.Series, pl.Series]] = field(default_factory=list)
    founded: list[tuple[Ints, Ints, Ints, str]] = field(default_factory=list)
    aliases: list[tuple[Ints, Ints, pl.DataFrame]] = field(default_factory=list)

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

    def note(
        self,
        reason: str,
        residents: Ints,
        days: tuple[Ints, Ints],
        where: tuple[Ints | int, ...],
        aside: Aside | None = None,
    ) -> Ints:
        """Record one change for each of `residents`.

        Args:
            reason: 異動事由.
            residents: local resident numbers, shape ``(n,)``.
            days: when it happened and was notified.
            where: household from, household to, address from, address to; `NOWHERE` for none.
            aside: what else there is to say.

        Returns:
            The local numbers of the changes.
        """
        more = aside or Aside()
        happened, notified = days
        recorded = notified if more.recorded is None else more.recorded
        planned = happened if reason in ANNOUNCED else NOWHERE
        values = (
            happened,
            notified,
            recorded,
            planned,
            more.confirmed,
            residents,
            *where,
            more.elsewhere,
            more.cancels,
        )
        names = (*_DAYS, "resident_no", *_PLACES, "elsewhere", "cancels")
        columns = {n: np.broadcast_to(np.asarray(v), residents.shape) for n, v in zip(names, values, strict=True)}
        self.parts.append((reason, more.basis, columns))
        self.next_change += len(residents)
        return np.arange(self.next_change - len(residents), self.next_change)

    def item(self, changes: Ints, item: str, before: pl.Series, after: pl.Series, since: Ints) -> None:
        """Say that each of `changes` changed `item` from one text to another, which holds `since`."""
        if len(changes):
            self.items.append((item, changes, since, before, after))

    def item_table(self) -> pl.DataFrame:
        """Table ``change_item`` with local numbers: what did change."""
        if not self.items:
            return CHANGE_ITEM.empty()
        names, changes, since, before, after = zip(*self.items, strict=True)
        rows = np.repeat(np.arange(len(names)), [len(part) for part in changes])
        frame = pl.DataFrame(
            {
                "change_no": np.concatenate(changes).astype(np.uint32),
                "item": pl.Series(names, dtype=CHANGE_ITEM["item"].dtype)[rows],
                "before": pl.concat(list(before)),
                "after": pl.concat(list(after)),
                "holds_since": dates_or_none(np.concatenate(since)),
            }
        )
        return frame.filter(pl.col("before").ne_missing(pl.col("after")))

    def table(self, texts: pl.Series) -> pl.DataFrame:
        """All changes with `NOWHERE` as null, in the order they were written; `texts` are the places elsewhere."""
        counts = [len(columns["resident_no"]) for _, _, columns in self.parts]
        rows = np.repeat(np.arange(len(counts)), counts)
        days = {name: dates_or_none(self.column(name)) for name in _DAYS}
        places = {name: self.column(name) for name in (*_PLACES, "resident_no", "cancels")}
        to = self.column("elsewhere")
        reasons, bases = (pl.Series([part[k] for part in self.parts], dtype=t) for k, t in ((0, CHANGES), (1, BASES)))
        return pl.DataFrame(
            {
                "change_no": np.arange(len(rows), dtype=np.uint32),
                **days,
                **{name: numbers(column, column != NOWHERE) for name, column in places.items()},
                "elsewhere": texts_of(texts, to, to != NOWHERE), "reason": reasons[rows], "basis": bases[rows],
            }
        )  # fmt: skip

    def replace_addresses(self, of: Callable[[Ints], Ints], which: npt.NDArray[np.bool_]) -> None:
        """Let the addresses of the changes `which`, in the order they were written, be `of` them."""
        ends = np.cumsum([len(columns["resident_no"]) for _, _, columns in self.parts])
        for (_, _, columns), rows in zip(self.parts, np.split(which, ends[:-1]), strict=True):
            for name in ("address_from", "address_to"):
                columns[name] = np.where(rows, of(columns[name]), columns[name])

    def column(self, name: str) -> Ints:
        """Column `name` of all changes in the order they were written."""
        nothing = np.zeros(0, dtype=np.int64)
        column: Ints = np.concatenate([nothing, *(columns[name] for _, _, columns in self.parts)]).astype(np.int64)
        return column
