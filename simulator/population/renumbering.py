"""New numbers for the houses of a town (住居表示実施): one day all there have another address and moved nowhere."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.population import stories
from simulator.population.days import YEAR_DAYS, OfficeDays
from simulator.population.homes import Homes
from simulator.population.ledger import NOWHERE, Aside, Ledger
from simulator.population.stories import Cast
from simulator.streams import Ints, Stream
from simulator.world.folding import fold_address

ASSUMED_RENUMBERED = 0.1  # of blocks of population a year, a town of one has its houses numbered anew
NEW_NUMBERS = 300  # blocks (番) of houses are numbered from here on; none reached it before
LAST_OLD = 100
REASON = "住居表示実施"


@dataclass(frozen=True, slots=True)
class Renumbering:
    """From which epoch day on which addresses have which others."""

    day: int
    old: Ints
    new: Ints

    def of(self, addresses: Ints) -> Ints:
        """The address that each of `addresses` is from the day on; `NOWHERE` stays."""
        at = np.minimum(np.searchsorted(self.old, addresses), len(self.old) - 1)
        return np.where(self.old[at] == addresses, self.new[at], addresses)


def draw_renumbering(stream: Stream, days: OfficeDays, homes: Homes, cast: Cast) -> tuple[Homes, Renumbering | None]:
    """Perhaps a town of the block has new numbers: the homes with them behind the others, and which they are.

    Homes whose moves are cancelled in the window keep their numbers: a cancellation restores the address as it was.
    """
    years = (days.last + 1 - days.first) / YEAR_DAYS
    if not stream.chance("renumbered", 1, min(1.0, ASSUMED_RENUMBERED * years))[0]:
        return homes, None
    table, count = homes.table, len(cast.story)
    town = table["town"][int(stream.below("renumbered_town", 1, count)[0])]
    kept = np.isin(cast.story, [stories.CANCELLED, stories.UNDONE])
    here = (pl.col("town") == town) & (pl.col("address_no") < count) & (pl.col("block") % NEW_NUMBERS < LAST_OLD)
    old = table.filter(here & ~pl.col("address_no").is_in(np.unique(homes.of[kept]).astype(np.uint32).tolist()))
    if not old.height:
        return homes, None
    new = numbered_anew(old).with_columns(address_no=pl.int_range(pl.len(), dtype=pl.UInt32) + table.height)
    day = int(days.days[stream.below("renumbered_on", 1, len(days.days))[0]])
    pairs = (part["address_no"].to_numpy().astype(np.int64) for part in (old, new))
    whole = Homes(pl.concat([table, new]), homes.of, homes.spare, homes.parents)
    return whole, Renumbering(day, *pairs)


def numbered_anew(old: pl.DataFrame) -> pl.DataFrame:
    """Addresses with other numbers of blocks; town, lot, building and room stay."""
    number = pl.col("block").cast(pl.UInt16) + NEW_NUMBERS
    texts = pl.concat_str("town", number.cast(pl.String), pl.lit("番"))
    rest = pl.col("address").str.strip_prefix(pl.concat_str("town", pl.col("block").cast(pl.String), pl.lit("番")))
    made = old.with_columns(address=texts + rest, block=number.cast(old.schema["block"]))
    return made.with_columns(address_key=pl.Series([fold_address(text) for text in made["address"]], dtype=pl.String))


def renumber(ledger: Ledger, change: Renumbering, homes: tuple[Ints, Ints], residents: int) -> None:
    """Give everyone who lives at an old number then the new one, and let later changes begin and end there.

    Args:
        ledger: every change of the block so far.
        change: what changes when.
        homes: household and address of those present when the window begins.
        residents: how many there are at any time of the window.
    """
    order, later = _by_record(ledger, change.day)
    household, address = (np.full(residents, NOWHERE) for _ in homes)
    household[: len(homes[0])], address[: len(homes[1])] = homes
    before = order[~later[order]]
    who = ledger.column("resident_no")[before]
    household[who], address[who] = ledger.column("household_to")[before], ledger.column("address_to")[before]
    ledger.replace_addresses(change.of, later)
    there = np.flatnonzero(np.isin(address, change.old))
    where = (household[there], household[there], address[there], change.of(address[there]))
    days = (np.full(len(there), change.day),) * 2
    ledger.note(REASON, there, days, where, Aside(basis="職権"))


def _by_record(ledger: Ledger, day: int) -> tuple[Ints, np.ndarray]:
    """The order of the register's changes, and which of them come after those that happened up to `day`."""
    happened, recorded = ledger.column("happened_on"), ledger.column("recorded_on")
    later = (recorded > day) | ((recorded == day) & (happened > day))
    return np.lexsort((np.arange(len(recorded)), happened, recorded)), later
