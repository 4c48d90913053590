"""Whom a slice is to hold: everyone of some districts, or a share of the households."""

import hashlib
from dataclasses import dataclass

import polars as pl

from simulator.errors import UsageError
from simulator.population import Population

_SCALE = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is wanted, one of the two.

    Attributes:
        districts: numbers of districts; none for a share.
        share: of the households, above 0 and below 1; None for districts.
    """

    districts: tuple[int, ...] = ()
    share: float | None = None

    def __post_init__(self) -> None:
        """Refuse both, neither, and a share that is none.

        Raises:
            UsageError: such a choice.
        """
        if bool(self.districts) == (self.share is not None):
            raise UsageError("choose districts or a share of the households, one of the two")
        if self.share is not None and not 0 < self.share < 1:
            msg = f"the share is {self.share}; it must lie between 0 and 1"
            raise UsageError(msg)

    @property
    def words(self) -> str:
        """The choice in words."""
        if self.share is not None:
            return f"{self.share:.3%} of the households"
        return f"district {', '.join(map(str, self.districts))}"

    def residents(self, people: Population, root: str) -> pl.Series:
        """The numbers of the chosen residents of `people`; by the `root` of its run where a share is wanted.

        Raises:
            UsageError: there is no such district.
        """
        homes = people.households.join(people.addresses.select("address_no", "district"), on="address_no")
        if self.share is None:
            self._check(homes["district"].unique().sort().to_list())
            chosen = homes.filter(pl.col("district").is_in(self.districts))["household_no"]
        else:
            limit = int(self.share * _SCALE)
            numbers = homes["household_no"].to_list()
            chosen = pl.Series([n for n in numbers if _place(root, people.municipality.code, n) < limit])
        kept = pl.col("household_no").is_in(chosen.implode())
        return people.residents.filter(kept)["resident_no"]

    def places(self, people: Population) -> pl.Series | None:
        """Addresses that are kept whoever lives there; None for those alone that people need."""
        if self.share is not None:
            return None
        return people.addresses.filter(pl.col("district").is_in(self.districts))["address_no"]

    def _check(self, known: list[int]) -> None:
        unknown = sorted(set(self.districts) - set(known))
        if unknown:
            msg = f"no district {unknown[0]}; there are {', '.join(map(str, known))}"
            raise UsageError(msg)


def _place(root: str, code: str, household: int) -> int:
    """Where a household stands between 0 and 2^53: a smaller share is a part of a larger one."""
    digest = hashlib.sha256(f"jukisim/subset/v1\n{root}\n{code}\n{household}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 11
