"""The rules as arrays: role × purpose × action → rule, rule → what it grants."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from simulator.access.policy.rules import FIELDS, PROTECTED, REQUIREMENTS, SCOPES, RoleFile, Rule, read_role
from simulator.errors import SpecError, UnknownNameError
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES, Term

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Policy:
    """The compiled table of rights.

    Attributes:
        rules: every rule; a rule's place is its number.
        cells: number of the rule of role × purpose × action, -1 where there is none; shape ``(R, P, A)``.
        purposes: whether a role has any rule for a purpose, shape ``(R, P)``.
        roles: whether a role has any rule besides its session's, shape ``(R,)``.
        scope: place of each rule's scope in `SCOPES`, shape ``(n_rules + 1,)``; the last row is of no rule.
        protected: place of its treatment of protected residents in `PROTECTED`.
        fields: its groups of fields as bits, in the order of `FIELDS`.
        require: its requirements as bits, in the order of `REQUIREMENTS`.
        beyond: those of requests that reach beyond the municipality.
        rows: most residents shown by one answer.
        hits: most residents found by one search.
        daily: most requests a day.
    """

    rules: tuple[Rule, ...]
    cells: Ints
    purposes: npt.NDArray[np.bool_]
    roles: npt.NDArray[np.bool_]
    scope: Ints
    protected: Ints
    fields: Ints
    require: Ints
    beyond: Ints
    rows: Ints
    hits: Ints
    daily: Ints

    @classmethod
    def default(cls) -> Self:
        """The policy that is shipped: every role of the vocabulary."""
        return cls.load(Path(__file__).parent)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read and compile the TOML files of `folder`.

        Raises:
            SpecError: a file does not hold, a cell has two rules, or a role has no file.
        """
        if not folder.is_dir():
            msg = f"{folder} is not a folder; give one with a TOML file for every role, such as R01.toml"
            raise SpecError(msg)
        files = [read_role(path) for path in sorted(folder.glob("*.toml"))]
        given = [found.role for found in files]
        missing = sorted({term.code for term in ROLES} - set(given))
        if missing or len(set(given)) != len(given):
            msg = f"{folder} must have one file for every role; missing: {', '.join(missing) or 'none'}"
            raise SpecError(msg)
        return cls.of(files)

    @classmethod
    def of(cls, files: Iterable[RoleFile]) -> Self:
        """Compile rules.

        Raises:
            SpecError: two rules claim one cell, or one name.
        """
        cells = np.full((len(ROLES), len(PURPOSES), len(ACTIONS)), -1, dtype=np.int64)
        rules: list[Rule] = []
        for found in files:
            role = _place(ROLES, found.role)
            for rule in found.rule:
                for purpose, action in _cells(rule):
                    if cells[role, purpose, action] >= 0:
                        other = rules[cells[role, purpose, action]].id
                        msg = f"{rule.id} and {other} both decide {PURPOSES[purpose].code} × {ACTIONS[action].code}"
                        raise SpecError(msg)
                    cells[role, purpose, action] = len(rules)
                rules.append(rule)
        if len({rule.id for rule in rules}) != len(rules):
            raise SpecError("two rules of the policy bear one name")
        return cls._compiled(tuple(rules), cells)

    @classmethod
    def _compiled(cls, rules: tuple[Rule, ...], cells: Ints) -> Self:
        def column(values: Iterable[int]) -> Ints:
            return np.array([*values, 0], dtype=np.int64)

        some = np.asarray((cells >= 0).any(axis=2))
        return cls(
            rules,
            cells,
            some,
            np.asarray(some[:, 1:].any(axis=1)),
            column(SCOPES.index(rule.scope) for rule in rules),
            column(PROTECTED.index(rule.protected) for rule in rules),
            column(_bits(FIELDS, rule.fields) for rule in rules),
            column(_bits(REQUIREMENTS, rule.require) for rule in rules),
            column(_bits(REQUIREMENTS, rule.beyond) for rule in rules),
            column(rule.rows for rule in rules),
            column(rule.hits for rule in rules),
            column(rule.daily for rule in rules),
        )

    def saying(self, rules: Mapping[str, Rule]) -> Self:
        """The same table whose rules say what `rules` (by name) say; purposes and actions must be as they were."""
        return self._compiled(tuple(rules[rule.id] for rule in self.rules), self.cells)

    def rule(self, role: str, purpose: str, action: str) -> Rule | None:
        """The rule that lets `role` do `action` for `purpose`, or None."""
        number = self.cells[_place(ROLES, role), _place(PURPOSES, purpose), _place(ACTIONS, action)]
        return self.rules[number] if number >= 0 else None

    def rules_of(self, role: str) -> tuple[Rule, ...]:
        """Every rule of `role`, in the order of its file."""
        numbers = np.unique(self.cells[_place(ROLES, role)])
        return tuple(self.rules[number] for number in numbers if number >= 0)


def _cells(rule: Rule) -> Iterator[tuple[int, int]]:
    return ((_place(PURPOSES, p), _place(ACTIONS, a)) for p in rule.purposes for a in rule.actions)


def _place(terms: tuple[Term, ...], code: str) -> int:
    codes = [term.code for term in terms]
    if code not in codes:
        kinds = {ROLES: "role", PURPOSES: "purpose", ACTIONS: "action"}
        raise UnknownNameError(kinds[terms], code, codes)
    return codes.index(code)


def _bits(names: tuple[str, ...], held: tuple[str, ...]) -> int:
    return sum(1 << names.index(name) for name in set(held))
