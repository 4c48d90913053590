"""What offices know people by: who lives with whom, who is kin, who bears the same name, who is gone."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulator.schema.people import REMOVALS
from simulator.streams import Ints, Stream
from simulator.workload.town import Town
from simulator.world.calendar import epoch_day

Flags = npt.NDArray[np.bool_]
NOBODY = -1
MEMBERS, KIN, NEIGHBOURS = 3, 4, 3
_FOREVER = 1 << 20
# Well-known residents stand in the first part of the order of business: they own, trade, stand for office, and are
# written to more than others. ASSUMED so that they come to the 80 accesses by five sections in seven years of a
# councillor's own log (Machida, domain.md 3.1). Who is in the news of these days had no more business before.
ASSUMED_KNOWN_PART = 10
_NEWS = "newsworthy"


@dataclass(frozen=True, slots=True)
class Folk:
    """A town's residents in columns by resident_no, shape ``(n,)`` or ``(n, k)``; `NOBODY` where there is none.

    Attributes:
        entered: first day in the register, as a day of the window (negative before it).
        left: day on which they left it.
        age: in years when the window begins.
        district: where they live when it begins.
        foreign: whether they are foreigners.
        protected: whether they are protected at any time of the window.
        namesake: another of the same kana name.
        surname: a number for the surname.
        members: others of the household.
        kin: parents, children, brothers and sisters elsewhere.
        neighbours: of the same house or block.
        order: residents in a fixed random order: those at its front have more business than the rest.
        stream: for what all kinds of work share.
    """

    entered: Ints
    left: Ints
    age: Ints
    district: Ints
    foreign: Flags
    protected: Flags
    namesake: Ints
    surname: Ints
    members: Ints
    kin: Ints
    neighbours: Ints
    order: Ints
    stream: Stream

    @classmethod
    def of(cls, town: Town, stream: Stream) -> Self:
        """Read them out of the tables of `town`."""
        people = town.residents.join(
            town.addresses.select("address_no", "district", "town", "block", "building"),
            on="address_no", how="left", maintain_order="left",
        )  # fmt: skip
        n = people.height
        entered, left = _stay(town)
        guarded = np.zeros(n, dtype=np.bool_)
        guarded[town.protections["resident_no"].to_numpy()] = True
        place = people.select(pl.struct("town", "block", "building").rank("dense").cast(pl.Int64) - 1).to_series()
        return cls(
            entered,
            left,
            (town.window.start.year - people["birth_date"].dt.year()).cast(pl.Int64).to_numpy(),
            people["district"].fill_null(0).cast(pl.Int64).to_numpy(),
            (people["nationality"] != "JP").to_numpy(),
            guarded,
            _ring(_dense(people["kana_key"]), 1)[:, 0],
            _dense(people["family_name"]),
            _ring(people["household_no"].cast(pl.Int64).to_numpy(), MEMBERS),
            _kin(town),
            _apart(_ring(place.to_numpy(), NEIGHBOURS + 2), people["household_no"].to_numpy()),
            _business(town, stream.order("business", n)),
            stream,
        )

    def here(self, who: Ints, day: Ints) -> Flags:
        """Whether each of `who` is in the register on `day` of the window."""
        return np.asarray((self.entered[who] <= day) & (day < self.left[who]))


def _business(town: Town, order: Ints) -> Ints:
    """`order` with the well-known residents moved towards its front."""
    known = town.figures.filter(pl.col("figure").cast(pl.String) != _NEWS)["resident_no"].to_numpy()
    place = np.argsort(order)
    place[known] //= ASSUMED_KNOWN_PART
    return np.argsort(place, kind="stable")


def _dense(values: pl.Series) -> Ints:
    return (values.rank("dense").cast(pl.Int64) - 1).to_numpy()


def _stay(town: Town) -> tuple[Ints, Ints]:
    """First day and day after the last in the register, as days of the window."""
    start = epoch_day(town.window.start)
    entered = town.residents["resident_since"].to_physical().cast(pl.Int64).to_numpy() - start
    left = np.full(len(entered), _FOREVER, dtype=np.int64)
    gone = town.changes.filter(pl.col("reason").cast(pl.String).is_in(REMOVALS))
    left[gone["resident_no"].to_numpy()] = gone["notified_on"].to_physical().cast(pl.Int64).to_numpy() - start
    return entered, left


def _ring(group: Ints, count: int) -> Ints:
    """For each the next `count` others of its group, the first following the last; shape ``(n, count)``."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    first = np.searchsorted(ordered, ordered, side="left")
    size = np.searchsorted(ordered, ordered, side="right") - first
    within = np.arange(len(order)) - first
    found = np.full((len(order), count), NOBODY, dtype=np.int64)
    for k in range(count):
        other = order[first + (within + k + 1) % np.maximum(size, 1)]
        found[order, k] = np.where(size > k + 1, other, NOBODY)
    return found


def _apart(found: Ints, household: npt.NDArray[np.integer]) -> Ints:
    """The first `NEIGHBOURS` of `found` who live in another household."""
    apart = (found >= 0) & (household[np.maximum(found, 0)] != household[:, None])
    order = np.argsort(~apart, axis=1, kind="stable")
    sorted_ = np.take_along_axis(np.where(apart, found, NOBODY), order, axis=1)
    return sorted_[:, :NEIGHBOURS]


def _kin(town: Town) -> Ints:
    """Parents and children elsewhere first, then brothers and sisters; shape ``(n, KIN)``."""
    close = town.relations.filter(pl.col("relation").cast(pl.String).is_in(("parent", "sibling"))).select(
        pl.col("resident_no", "other_no").cast(pl.Int64), far=pl.col("relation").cast(pl.String) == "sibling"
    )
    both = pl.concat([close, close.select(resident_no="other_no", other_no="resident_no", far="far")]).unique()
    ranked = both.sort("resident_no", "far", "other_no").with_columns(
        place=pl.int_range(pl.len()).over("resident_no")
    ).filter(pl.col("place") < KIN)  # fmt: skip
    found = np.full((town.residents.height, KIN), NOBODY, dtype=np.int64)
    found[ranked["resident_no"].to_numpy(), ranked["place"].to_numpy()] = ranked["other_no"].to_numpy()
    return found
