"""The table of rights: one reviewable TOML file per role, compiled to arrays. What no rule grants is refused."""

from simulator.access.policy.rules import FIELDS, PROTECTED, REQUIREMENTS, SCOPES, Rule
from simulator.access.policy.table import Policy

__all__ = ["FIELDS", "PROTECTED", "REQUIREMENTS", "SCOPES", "Policy", "Rule"]
