"""What the gate knows of the office: who held which role when, who supervises, where terminals stand."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import polars as pl

from simulator.access.columns import Flags, Ints
from simulator.registry import FOREVER

_DAY_BITS = 20


class OfficeFrames(Protocol):
    """The frames of an office."""

    @property
    def sections(self) -> pl.DataFrame:
        """Table ``section``."""
        ...

    @property
    def staff(self) -> pl.DataFrame:
        """Table ``staff``; row number = staff_no."""
        ...

    @property
    def accounts(self) -> pl.DataFrame:
        """Table ``account``."""
        ...

    @property
    def terminals(self) -> pl.DataFrame:
        """Table ``terminal``."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The office as arrays.

    Attributes:
        sections: codes of the sections, in order.
        terminals: codes of the terminals, in order.
        offices: building of each terminal.
        printers: printer of each terminal; ASSUMED one for each section.
        terminal_section: place of the section where each terminal stands.
        supervisor: whether each member of staff is one.
        own: resident_no of each member of staff, -1 for none here.
        home_role: role of each member of staff by the staff list.
        home_section: section of each by the staff list.
        account: staff_no and first day of each account in one number, sorted.
        until: day after each account's last.
        role: role of each account.
        section: section of each account.
    """

    sections: list[str]
    terminals: list[str]
    offices: pl.Series
    printers: pl.Series
    terminal_section: Ints
    supervisor: Flags
    own: Ints
    home_role: Ints
    home_section: Ints
    account: Ints
    until: Ints
    role: Ints
    section: Ints

    @classmethod
    def of(cls, office: OfficeFrames) -> Self:
        """Read the frames of an office."""
        sections = sorted(set(office.sections["section"].to_list()))
        staff = office.staff.sort("staff_no")
        terminals = office.terminals.sort("terminal")
        accounts = office.accounts.with_columns(pl.col("valid_from", "valid_to").to_physical().cast(pl.Int64)).sort(
            "staff_no", "valid_from"
        )
        return cls(
            sections,
            terminals["terminal"].to_list(),
            terminals["office"],
            "PR-" + terminals["section"],
            _numbers(terminals["section"].cast(pl.Enum(sections))),
            staff["supervisor"].to_numpy(),
            staff["resident_no"].cast(pl.Int64).fill_null(-1).to_numpy(),
            _numbers(staff["role"]),
            _numbers(staff["section"].cast(pl.Enum(sections))),
            (_numbers(accounts["staff_no"]) << _DAY_BITS) + accounts["valid_from"].to_numpy(),
            accounts["valid_to"].fill_null(FOREVER).to_numpy(),
            _numbers(accounts["role"]),
            _numbers(accounts["section"].cast(pl.Enum(sections))),
        )

    def held(self, staff: Ints, day: Ints) -> tuple[Flags, Ints, Ints]:
        """Whether each of `staff` has an account on `day`, and its role and section (the staff list's if none)."""
        if not self.account.size:
            return np.zeros(len(staff), dtype=np.bool_), self.home_role[staff], self.home_section[staff]
        at = np.maximum(np.searchsorted(self.account, (staff << _DAY_BITS) + day, "right") - 1, 0)
        found = self.account[at]
        valid = (found >> _DAY_BITS == staff) & ((found & FOREVER) <= day) & (day < self.until[at])
        role = np.where(valid, self.role[at], self.home_role[staff])
        return valid, role, np.where(valid, self.section[at], self.home_section[staff])


def _numbers(values: pl.Series) -> Ints:
    return values.to_physical().cast(pl.Int64).to_numpy()
