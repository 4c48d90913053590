"""The table of rights for people: why a request is decided as it is, and who may do what at a glance."""

from collections.abc import Iterator

from simulator.access.policy.table import Policy
from simulator.schema.vocabulary import ACTIONS, PURPOSES, ROLES

_MARKS = {"none": "○", "self": "自", "municipality": "●", "nation": "◎"}
"""As in domain.md 3.2, told apart by reach."""
LEGEND = "◎ nation  ● municipality  自 own record  ○ session  △ needs something besides  – refused"


def matrix(policy: Policy, purpose: str | None = None) -> Iterator[dict[str, str]]:
    """One row a role, one column an action: the widest reach of its rules for `purpose`, or for any purpose.

    Raises:
        UnknownNameError: there is no such purpose.
    """
    for role in ROLES:
        marks = {action.code: _mark(policy, role.code, purpose, action.code) for action in ACTIONS}
        yield {"role": role.code, "役割": role.ja, **marks}


def _mark(policy: Policy, role: str, purpose: str | None, action: str) -> str:
    purposes = [purpose] if purpose else [term.code for term in PURPOSES]
    rules = [rule for each in purposes if (rule := policy.rule(role, each, action)) is not None]
    if not rules:
        return "–"
    widest = max(rules, key=lambda rule: list(_MARKS).index(rule.scope))
    return _MARKS[widest.scope] + ("△" if widest.require else "")


def why_not(policy: Policy, role: str, purpose: str, action: str) -> str:
    """Why no rule lets `role` do `action` for `purpose`, and what would."""
    rules = [rule for rule in policy.rules_of(role) if "login" not in rule.actions]
    if not rules:
        return f"NO_RULE: {role} has no entitlement; every request is refused"
    mine = [rule for rule in rules if purpose in rule.purposes]
    if not mine:
        held = sorted({each for rule in rules for each in rule.purposes})
        return f"PURPOSE: {role} has no {purpose}; its purposes are {', '.join(held)}"
    may = sorted({each for rule in mine for each in rule.actions})
    return f"ACTION: for {purpose}, {role} may {', '.join(may)}, not {action}"
