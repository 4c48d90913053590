"""What the gate knows of the office: who held which role when, who supervises, where terminals stand."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import polars as pl

from simulator.access.columns import Flags, Ints
from simulator.registry import FOREVER

_DAY_BITS = 20
_SECTION_BITS = 10


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
        second: posts held beside another one.
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
    second: "Second"

    @classmethod
    def of(cls, office: OfficeFrames) -> Self:
        """Read the frames of an office."""
        sections = sorted(set(office.sections["section"].to_list()))
        staff = office.staff.sort("staff_no")
        terminals = office.terminals.sort("terminal")
        accounts, beside = _apart(office.accounts)
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
            Second.of(beside, sections),
        )

    def held(self, staff: Ints, day: Ints, terminal: Ints) -> tuple[Flags, Ints, Ints]:
        """Whether each of `staff` has an account on `day`, and its role and section (the staff list's if none).

        Who has a second post (兼務) holds it at a `terminal` of its section.
        """
        valid, role, section = self._first(staff, day)
        if not self.second.account.size:
            return valid, role, section
        there = self.terminal_section[terminal]
        at = self.second.at(staff, there, day)
        return valid | (at >= 0), np.where(at >= 0, self.second.role[at], role), np.where(at >= 0, there, section)

    def _first(self, staff: Ints, day: Ints) -> tuple[Flags, Ints, Ints]:
        if not self.account.size:
            return np.zeros(len(staff), dtype=np.bool_), self.home_role[staff], self.home_section[staff]
        at = np.maximum(np.searchsorted(self.account, (staff << _DAY_BITS) + day, "right") - 1, 0)
        found = self.account[at]
        valid = (found >> _DAY_BITS == staff) & ((found & FOREVER) <= day) & (day < self.until[at])
        role = np.where(valid, self.role[at], self.home_role[staff])
        return valid, role, np.where(valid, self.section[at], self.home_section[staff])


@dataclass(frozen=True, slots=True)
class Second:
    """Posts held beside another one.

    Attributes:
        account: staff_no, section and first day in one number, sorted.
        until: day after the last of each.
        role: role of each.
    """

    account: Ints
    until: Ints
    role: Ints

    @classmethod
    def of(cls, accounts: pl.DataFrame, sections: list[str]) -> Self:
        """Read accounts that begin while another one of the same person is open."""
        section = _numbers(accounts["section"].cast(pl.Enum(sections)))
        account = _key(_numbers(accounts["staff_no"]), section, accounts["valid_from"].to_numpy())
        order = np.argsort(account, kind="stable")
        until = accounts["valid_to"].fill_null(FOREVER).to_numpy()
        return cls(account[order], until[order], _numbers(accounts["role"])[order])

    def at(self, staff: Ints, section: Ints, day: Ints) -> Ints:
        """Which post each of `staff` holds in `section` on `day`, -1 for none."""
        key = _key(staff, section, day)
        found = np.maximum(np.searchsorted(self.account, key, "right") - 1, 0)
        same = self.account[found] >> _DAY_BITS == key >> _DAY_BITS
        return np.where(same & (self.account[found] <= key) & (day < self.until[found]), found, -1)

    def held(self, staff_no: int, section: int, day: int) -> int | None:
        """The role that somebody holds beside their own in `section` on `day`; None for no such post."""
        if not self.account.size:
            return None
        found = int(self.at(np.array([staff_no]), np.array([section]), np.array([day]))[0])
        return None if found < 0 else int(self.role[found])


def _key(staff: Ints, section: Ints, day: Ints) -> Ints:
    return (((staff << _SECTION_BITS) + section) << _DAY_BITS) + day


def _apart(accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The accounts by person and first day, and apart those that begin while another one of the person is open."""
    days = pl.col("valid_from", "valid_to").to_physical().cast(pl.Int64)
    ordered = accounts.with_columns(days).sort("staff_no", "valid_from")
    open_until = pl.col("valid_to").fill_null(FOREVER).cum_max().shift(1).over("staff_no")
    beside = (pl.col("valid_from") < open_until).fill_null(value=False)
    return ordered.filter(~beside), ordered.filter(beside)


def _numbers(values: pl.Series) -> Ints:
    return values.to_physical().cast(pl.Int64).to_numpy()
