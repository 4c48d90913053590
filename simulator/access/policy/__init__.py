"""The table of rights: one reviewable TOML file per role, compiled to arrays. What no rule grants is refused."""

from simulator.access.policy.changes import PolicyChange, in_force
from simulator.access.policy.findings import findings
from simulator.access.policy.rules import FIELDS, PROTECTED, REQUIREMENTS, SCOPES, Rule
from simulator.access.policy.table import Policy
from simulator.access.policy.views import LEGEND, matrix, why_not

__all__ = [
    "FIELDS", "LEGEND", "PROTECTED", "REQUIREMENTS", "SCOPES", "Policy", "PolicyChange", "Rule", "findings", "in_force",
    "matrix", "why_not",
]  # fmt: skip
