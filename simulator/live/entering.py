"""Newcomers: whom 転入 and 出生 add to a register. They bear the same numbers whenever the live log is read again.

Their codes come from the one emitter, in the mode of the run; whoever comes from another municipality of the run keeps
theirs. The log holds no code: it says where a code stands, or how many newcomers there were before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import numpy as np

from simulator.dataset import Dataset
from simulator.registry import Database, particulars
from simulator.streams import Stream
from simulator.world.folding import fold_address, fold_kana, fold_name
from simulator.world.numbers import CheckDigits, NumberEmitter

Row = dict[str, Any]
ENTERED = 2**31
"""resident_no, and household_no, of newcomers begin here; registers of a run have less."""
_PER_MUNICIPALITY = 10**6
_KEPT = (
    "family_name", "given_name", "family_kana", "given_kana", "sex", "birth_date", "nationality", "resident_code",
    "my_number", "former_name", "former_kana", "birth_known", "registry_town", "registry_lot", "registry_given",
)  # fmt: skip
"""What a record takes with it from one municipality to the next."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Gives the newcomers of one municipality their resident codes and My Numbers.

    Attributes:
        emitter: of the run's live registers.
        first: the ordinal of its first newcomer; those of another municipality are far from it.
    """

    emitter: NumberEmitter
    first: int

    @classmethod
    def of(cls, run: Dataset, code: str) -> Self:
        """The issuer of the municipality `code` of `run`."""
        place = [head.municipality for head in run.manifest.logs].index(code)
        stream = Stream(int(run.root[:32], 16)).at("live", "numbers")
        return cls(NumberEmitter.of(stream, CheckDigits(run.manifest.check_digits)), place * _PER_MUNICIPALITY)

    def numbers(self, serial: int, base: Database) -> tuple[str, str]:
        """Resident code and My Number of newcomer `serial`, neither borne by anyone in `base`."""
        for turn in range(_PER_MUNICIPALITY):
            ordinal = np.array([self.first + serial + turn * _PER_MUNICIPALITY * 2_000], dtype=np.uint64)
            found = self.emitter.resident_codes(ordinal)[0], self.emitter.my_numbers(ordinal)[0]
            if not particulars.borne(base.connection, *found):
                return found
        raise AssertionError


def recorded(entry: Mapping[str, Any]) -> tuple[str, int]:
    """Municipality and resident_no of the record, as the run was made, of a newcomer from another municipality."""
    code, number = entry.get("record", entry["from"])
    return code, number


def new_row(entry: Mapping[str, Any], day: date, empty: Row, home: Row | None, before: Row | None) -> Row:
    """The record of a newcomer, as `entry` of an event on `day` states it.

    Args:
        entry: what was stated.
        day: of the event.
        empty: a row without any value.
        home: the record of whom they join, None for a household of their own.
        before: their record in the municipality that they come from, if it is one of the run.
    """
    kept = {name: before[name] for name in _KEPT} if before is not None else {"nationality": "JP", "birth_known": "day"}
    place = (
        {name: home[name] for name in ("household_no", "address_no", "postal_code", "district", "head")} if home else {}
    )
    stated = {name: value for name, value in entry.items() if name in empty}
    since = entry["happened_on"]
    row = {
        **empty, **kept, **place, "address": home["address"] if home else None, **stated, "entry": entry["reason"],
        "resident_since": since, "address_since": since, "entered_on": max(since, day.isoformat()),
    }  # fmt: skip
    return folded(row)


def folded(row: Row) -> Row:
    """`row` with its search keys as its names and address are now."""
    return {
        **row,
        "name_key": fold_name(row["family_name"] + row["given_name"]),
        "family_name_key": fold_name(row["family_name"]),
        "kana_key": fold_kana(row["family_kana"] + row["given_kana"]),
        "family_kana_key": fold_kana(row["family_kana"]),
        "address_key": fold_address(row["address"]),
    }
