"""What a rule of the policy is, and the words that it may use."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator import spec
from simulator.errors import SpecError, UnknownNameError
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES

SCOPES = ("none", "self", "municipality", "nation")
"""How far a rule reaches: nobody, the asker's own record, the municipality's residents, all of the nation's."""
REQUIREMENTS = ("case_no", "supervisor", "second_person", "office_hours", "terminal_zone", "grounds")
PROTECTED = ("hide", "mask", "release", "alert")
"""A protected resident is not found, lacks the address, is shown once a supervisor released it, or with an alert."""
FIELDS = (
    "name", "address", "household", "domicile", "history", "removed", "resident_code", "my_number", "protection", "log",
)  # fmt: skip
"""Groups of fields that a rule can grant."""
LARGEST_LIMIT = 10_000_000
_ID = re.compile(r"(?!default$)[A-Za-z0-9-]{1,40}")
ASSUMED_ROWS = 100
ASSUMED_HITS = 2_000
ASSUMED_DAILY = 1_500
"""Limits of a real office that ordinary work does not meet. ASSUMED; counter staff make 40–120 accesses a day and the
tail 200 in the tax season (domain.md 3.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what a role may do for some purposes by some actions.

    Attributes:
        id: its name, which decisions give as their reason.
        purposes: for which purposes.
        actions: by which actions.
        scope: how far it reaches.
        basis: the legal basis, as disclosed to citizens.
        source: where the grant comes from, or ASSUMED.
        fields: groups of fields that it shows.
        protected: what happens with protected residents.
        require: what must be there besides.
        beyond: what must be there besides where the request reaches beyond the municipality.
        rows: most residents shown by one answer.
        hits: most residents that a search may find.
        daily: most requests of an actor, of this action, in a day.
    """

    id: str
    purposes: tuple[str, ...]
    actions: tuple[str, ...]
    scope: str
    basis: str
    source: str
    fields: tuple[str, ...] = ()
    protected: str = "hide"
    require: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    rows: int = ASSUMED_ROWS
    hits: int = ASSUMED_HITS
    daily: int = ASSUMED_DAILY

    def row(self) -> dict[str, str | int]:
        """The rule as one line of a list."""
        return {
            "rule": self.id, "purposes": " ".join(self.purposes), "actions": " ".join(self.actions),
            "scope": self.scope, "fields": "+".join(self.fields), "protected": self.protected,
            "requires": " ".join(self.require), "beyond": " ".join(self.beyond), "rows": self.rows,
            "hits": self.hits, "daily": self.daily,
        }  # fmt: skip

    def page(self) -> str:
        """The rule in full, with its legal basis and where it comes from."""
        lines = [f"{name:10} {value}" for name, value in self.row().items()]
        return "\n".join([*lines, f"{'basis':10} {self.basis}", f"{'source':10} {self.source}"])


@dataclass(frozen=True, slots=True)
class RoleFile:
    """The rules of one role."""

    role: str
    rule: tuple[Rule, ...]


def read_role(path: Path) -> RoleFile:
    """Read the rules of one role.

    Raises:
        SpecError: the file does not hold.
        UnknownNameError: it uses a word that is not valid.
    """
    values: dict[str, Any] = spec.read_toml(path)
    found = spec.build(RoleFile, values, path.name)
    _check("role", (found.role,), [term.code for term in ROLES], path.name)
    for rule in found.rule:
        if not _ID.fullmatch(rule.id):
            msg = f"{path.name}: {rule.id!r} cannot name a rule; use 1 to 40 letters, digits and hyphens, not 'default'"
            raise SpecError(msg)
        check_rule(rule, f"{path.name}: {rule.id}")
    return found


def check_rule(rule: Rule, where: str) -> None:
    """Refuse words and numbers that no rule may have; `where` names the place in messages.

    Raises:
        SpecError: a limit out of range, or no legal basis.
        UnknownNameError: a word that is not valid.
    """
    _check("purpose", rule.purposes, [term.code for term in PURPOSES], where)
    _check("action", rule.actions, [term.code for term in ACTIONS], where)
    _check("scope", (rule.scope,), SCOPES, where)
    _check("group of fields", rule.fields, FIELDS, where)
    _check("rule for protected residents", (rule.protected,), PROTECTED, where)
    _check("requirement", (*rule.require, *rule.beyond), REQUIREMENTS, where)
    if not all(0 <= limit <= LARGEST_LIMIT for limit in (rule.rows, rule.hits, rule.daily)) or not rule.basis:
        msg = f"{where}: limits must be from 0 to {LARGEST_LIMIT}, and a legal basis must be given"
        raise SpecError(msg)


def _check(kind: str, names: tuple[str, ...], valid: tuple[str, ...] | list[str], where: str) -> None:
    for name in names:
        if name not in valid:
            raise UnknownNameError(kind, name, valid, where)
