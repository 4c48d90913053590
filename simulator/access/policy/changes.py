"""A policy that changes within a run: from a day on some rules say something else."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from simulator.access.policy.rules import Rule, check_rule
from simulator.access.policy.table import Policy
from simulator.errors import UnknownNameError


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """What a rule says from a day on; what is None stays.

    Attributes:
        on: first day.
        rule: its name, such as R05-look.
        scope, fields, protected, require, beyond, rows, hits, daily: as of a `Rule`.
    """

    on: date
    rule: str
    scope: str | None = None
    fields: tuple[str, ...] | None = None
    protected: str | None = None
    require: tuple[str, ...] | None = None
    beyond: tuple[str, ...] | None = None
    rows: int | None = None
    hits: int | None = None
    daily: int | None = None

    def applied(self, rule: Rule) -> Rule:
        """`rule` with what changes.

        Raises:
            UnknownNameError, SpecError: a word or number that no rule may have.
        """
        names = [field.name for field in fields(self) if field.name not in ("on", "rule")]
        told = {name: value for name in names if (value := getattr(self, name)) is not None}
        changed = replace(rule, **told)
        check_rule(changed, f"policy change of {self.on}: {self.rule}")
        return changed


def in_force(policy: Policy, changes: Sequence[PolicyChange], day: date) -> Policy:
    """`policy` as it is on `day`.

    Raises:
        UnknownNameError: a change of a rule that there is not.
        SpecError: a word or number that no rule may have.
    """
    rules = {rule.id: rule for rule in policy.rules}
    for change in sorted(changes, key=lambda each: each.on):
        if change.rule not in rules:
            raise UnknownNameError("rule", change.rule, rules, "policy")
        if change.on <= day:
            rules[change.rule] = change.applied(rules[change.rule])
    return policy.saying(rules)
