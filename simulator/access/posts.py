"""The office for one request at a time: who held which role when, as plain lists."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from simulator.access.office import Desk
from simulator.errors import UnknownNameError
from simulator.registry import FOREVER

_DAY_BITS = 20


class Post(NamedTuple):
    """What the office knows of somebody at a terminal on a day.

    Attributes:
        valid: whether they have an account.
        role: place of their role.
        section: place of their section.
        own: resident_no of their own record, -1 for none.
        supervisor: whether they supervise.
        at_home: whether the terminal stands in their section.
        office: building of the terminal.
        printer: printer of the terminal.
    """

    valid: bool
    role: int
    section: int
    own: int
    supervisor: bool
    at_home: bool
    office: str
    printer: str


@dataclass(frozen=True, slots=True)
class Posts:
    """The office as lists and dictionaries.

    Attributes:
        sections: codes of the sections, in order.
    """

    sections: list[str]
    _desk: Desk
    _accounts: dict[int, list[tuple[int, int, int, int]]]
    _terminals: dict[str, tuple[int, str, str]]
    _places: dict[str, int]

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """Read an office."""
        accounts: dict[int, list[tuple[int, int, int, int]]] = {}
        columns = (desk.account, desk.until, desk.role, desk.section)
        for key, until, role, section in zip(*(each.tolist() for each in columns), strict=True):
            accounts.setdefault(key >> _DAY_BITS, []).append((key & FOREVER, until, role, section))
        places = desk.terminal_section.tolist()
        rows = zip(desk.terminals, places, desk.offices.to_list(), desk.printers.to_list(), strict=True)
        terminals = {name: (place, office, printer) for name, place, office, printer in rows}
        return cls(desk.sections, desk, accounts, terminals, {name: no for no, name in enumerate(desk.sections)})

    def held(self, staff_no: int, day: int, section: int | None = None) -> tuple[bool, int, int]:
        """Whether somebody has an account on `day`, and role and section (the staff list's if none).

        Who has a second post in `section`, where the terminal stands, holds that one there.

        Raises:
            UnknownNameError: there is no such member of staff.
        """
        if not 0 <= staff_no < len(self._desk.home_role):
            raise UnknownNameError("member of staff", str(staff_no), ())
        second = None if section is None else self._desk.second.held(staff_no, section, day)
        if section is not None and second is not None:
            return True, second, section
        for begins, until, role, home in reversed(self._accounts.get(staff_no, [])):
            if begins <= day:
                if day < until:
                    return True, role, home
                break
        return False, int(self._desk.home_role[staff_no]), int(self._desk.home_section[staff_no])

    def post(self, staff_no: int, day: int, terminal: str) -> Post:
        """Who somebody is at `terminal` on `day`.

        Raises:
            UnknownNameError: there is no such member of staff or terminal.
        """
        if terminal not in self._terminals:
            raise UnknownNameError("terminal", terminal, self._terminals)
        place, office, printer = self._terminals[terminal]
        valid, role, section = self.held(staff_no, day, place)
        desk = self._desk
        own, supervisor = int(desk.own[staff_no]), bool(desk.supervisor[staff_no])
        return Post(valid, role, section, own, supervisor, place == section, office, printer)

    def section_place(self, section: str) -> int:
        """Place of a section.

        Raises:
            UnknownNameError: there is no such section.
        """
        if section not in self._places:
            raise UnknownNameError("section", section, self._places)
        return self._places[section]
