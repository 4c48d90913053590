"""Who the staff of a run are: staff numbers from the keys, posts and accounts from the auditor's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from simulator import storage
from simulator.dataset import Dataset, read_part
from simulator.errors import MissingError, UnknownNameError, UsageError
from simulator.pseudonym import Pseudonymizer
from simulator.schema import ACCOUNT, SECTION, STAFF, TERMINAL
from simulator.schema.vocabulary import ROLES

_ROLE_TITLES = {term.code: term.ja for term in ROLES}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff.

    Attributes:
        staff_no: row number.
        code: staff number as on the card.
        actor: pseudonym in the log.
        name: of the person.
        section: code.
        role: code.
        terminal: the one at their desk, None without.
    """

    staff_no: int
    code: str
    actor: bytes
    name: str
    section: str
    role: str
    terminal: str | None


@dataclass(frozen=True, slots=True)
class LiveOffice:
    """The office of one municipality, as the gate and the faces need it.

    Attributes:
        sections: table ``section``.
        staff: table ``staff``, with staff numbers.
        accounts: table ``account``.
        terminals: table ``terminal``.
        members: by staff number.
        by_actor: by pseudonym, under every version that can be read.
        seats: codes of the terminals.
    """

    sections: pl.DataFrame
    staff: pl.DataFrame
    accounts: pl.DataFrame
    terminals: pl.DataFrame
    members: dict[str, Member]
    by_actor: dict[bytes, Member]
    seats: frozenset[str]

    @classmethod
    def of(cls, run: Dataset, keys: Path, code: str, makers: Sequence[Pseudonymizer]) -> Self:
        """Read the office of the municipality `code`.

        Args:
            run: the run.
            keys: folder with its keys.
            code: six digits.
            makers: pseudonymizers of its log, the active version's first: the run's tables stay under an older one.

        Raises:
            MissingError: the keys of the run, or a part of the run, are not there.
        """
        staff = _staff(keys, code)
        actors = [staff.select("staff_no", actor=maker.column("staff", staff["staff_code"])) for maker in makers]
        known = pl.concat(actors)
        accounts = _auditor(run, code, "account").join(known, on="actor").unique(["staff_no", "valid_from"])
        desks = _auditor(run, code, "roster").join(known, on="actor").drop_nulls("terminal").sort("day")
        desk = dict(desks.group_by("staff_no").agg(pl.col("terminal").last()).iter_rows())
        members = [
            Member(no, number, actor, f"{family} {given}", section, role, desk.get(no))
            for (no, number, family, given, section, role), actor in zip(
                staff.select("staff_no", "staff_code", "family_name", "given_name", "section", "role").iter_rows(),
                actors[0]["actor"],
                strict=True,
            )
        ]
        numbers = dict(staff.select("staff_no", "staff_code").iter_rows())
        return cls(
            SECTION.conform(_auditor(run, code, "section")),
            staff,
            ACCOUNT.conform(accounts).sort("staff_no", "valid_from"),
            terminals := TERMINAL.conform(_auditor(run, code, "terminal")),
            by_code := {member.code: member for member in members},
            {actor: by_code[numbers[no]] for no, actor in known.iter_rows()},
            frozenset(terminals["terminal"].to_list()),
        )

    def member(self, number: str) -> Member:
        """Whose staff number `number` is.

        Raises:
            UnknownNameError: nobody's; the message says where they are listed.
        """
        found = self.members.get(number.strip().upper())
        if found is None:
            near = [code for code in sorted(self.members) if code[:3] == number[:3].upper()][:3]
            raise UnknownNameError("staff number", number[:20], near or sorted(self.members)[:3], "this office")
        return found

    def terminal(self, member: Member, stated: str | None) -> str:
        """The terminal that `member` sits at: the one stated, or the one at their desk.

        Raises:
            UnknownNameError: there is no such terminal.
            UsageError: none is stated, and they have none.
        """
        if stated is not None and stated not in self.seats:
            raise UnknownNameError("terminal", stated[:20], sorted(self.seats)[:5], "this office")
        if stated is None and member.terminal is None:
            msg = f"{member.code} ({member.section}) has no terminal of their own; state one, such as --terminal T0001"
            raise UsageError(msg)
        return stated or str(member.terminal)

    def rows(self) -> list[dict[str, str | None]]:
        """The staff list for whoever chooses whom to be."""
        titles = dict(self.sections.select("section", "title").iter_rows())
        supervisors = dict(self.staff.select("staff_no", "supervisor").iter_rows())
        entitled = set(self.accounts["staff_no"].to_list())
        return [
            {
                "staff": member.code, "氏名": member.name, "section": member.section,
                "課名": titles.get(member.section, ""), "role": member.role,
                "役割": _ROLE_TITLES[member.role] + ("（管理職）" if supervisors[member.staff_no] else ""),
                "account": "yes" if member.staff_no in entitled else "no", "terminal": member.terminal,
            }
            for member in self.members.values()
        ]  # fmt: skip


def _staff(keys: Path, code: str) -> pl.DataFrame:
    path = keys / "staff" / f"{code}.parquet"
    if not path.is_file():
        msg = f"{path} is missing: to ask as somebody, the keys of the run must lie beside it"
        raise MissingError(msg)
    return STAFF.conform(storage.read_parquet(path)).sort("staff_no")


def _auditor(run: Dataset, code: str, table: str) -> pl.DataFrame:
    return read_part(run.path, "auditor", table, code)
