"""The people of a run as records of an office's list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from simulator.dataset import Dataset, populations
from simulator.linkage.kinds import Record
from simulator.population import Population


@dataclass(frozen=True, slots=True)
class People:
    """Those present when the window begins.

    Attributes:
        frame: fields of a record, and the columns wife, moved_address, moved_postal.
        wives, moved: two of these as lists.
        last: the day after which nobody of the register is born.
    """

    frame: pl.DataFrame
    wives: list[bool]
    moved: list[tuple[str, str] | None]
    last: date

    @classmethod
    def of(cls, dataset: Dataset) -> "People":
        """The people of all municipalities of a run.

        Raises:
            MissingError, DamagedError: a part of the run is not there or does not decode.
        """
        return cls.of_towns(populations(dataset))

    @classmethod
    def of_towns(cls, populations_: Iterable[Population]) -> "People":
        """The people of some municipalities."""
        towns = list(populations_)
        frame = pl.concat(_records(town) for town in towns)
        pairs = frame.select("moved_address", "moved_postal").iter_rows()
        moved = [None if address is None else (address, postal) for address, postal in pairs]
        return cls(frame, frame["wife"].to_list(), moved, towns[0].window.start)

    def record(self, row: int, values: Mapping[str, str | None]) -> Record:
        """The record with `values` of the person in `row`."""
        return Record(values, self.wives[row], self.moved[row], self.last)


def _records(town: Population) -> pl.DataFrame:
    present = town.residents.filter(pl.col("resident_since") < town.window.start)
    places = town.addresses.select("address_no", "address", "postal_code")
    moves = town.changes.filter(pl.col("reason") == "転居").unique("resident_no", keep="first", maintain_order=True)
    new = moves.select("resident_no", address_no="address_to").join(places, on="address_no", maintain_order="left")
    new = new.select("resident_no", moved_address="address", moved_postal="postal_code")
    return (
        present.join(places, on="address_no", how="left", maintain_order="left")
        .join(new, on="resident_no", how="left", maintain_order="left")
        .select(
            "family_name", "given_name", "family_kana", "given_kana",
            pl.col("birth_date").cast(pl.String), pl.col("sex").cast(pl.String), "postal_code", "address",
            "resident_code", wife=(pl.col("relationship") == "妻") & (pl.col("nationality") == "JP"),
            moved_address="moved_address", moved_postal="moved_postal",
        )
    )  # fmt: skip
